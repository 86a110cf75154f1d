import { Secret } from "../secret.ts";
import type { ServeLoopback } from "../system/loopback_endpoint.ts";
import { Forwarder, type ForwardNeeds } from "./forwarder.ts";
import { isSecret, makeLocalSecret } from "./local_key.ts";
import { answerMetadata } from "./metadata_service.ts";

/** What hands out the tokens of one login on this computer, until it is disposed of. */
export interface Served extends AsyncDisposable {
  /** Where the API appears to who has the key. */
  readonly url: Secret;
  /** What goes there in place of a token. */
  readonly key: Secret;
  /** Where the SDKs of Databricks get tokens: who knows it, gets one. */
  readonly metadataUrl: Secret;
}

export interface ServeNeeds extends Omit<ForwardNeeds, "key"> {
  readonly listen: ServeLoopback;
}

/**
 * Serves an API under an address of this computer: to tools that cannot ask for a token themselves, and to
 * the SDKs of Databricks, which can.
 *
 * @throws {FobError} `io_failed` where nothing can listen.
 */
export function serve(needs: ServeNeeds): Served {
  const [key, place, metadataPlace] = [makeLocalSecret(), makeLocalSecret(), makeLocalSecret()];
  const forwarder = new Forwarder({ ...needs, key });
  const endpoint = needs.listen(async (request) => {
    const { origin, pathname } = new URL(request.url);
    const [, first = "", ...rest] = pathname.split("/");
    if (isSecret(first, place)) return await forwarder.answer(request, `${origin}/${first}`);
    const isMetadata = isSecret(first, metadataPlace) && rest.length === 0;
    if (isMetadata) return await answerMetadata(request, { ...needs, host: needs.api });
    return new Response("Not found.\n", { status: 404 });
  });
  return {
    url: new Secret(`${endpoint.origin}/${place.reveal()}`),
    key,
    metadataUrl: new Secret(`${endpoint.origin}/${metadataPlace.reveal()}`),
    [Symbol.asyncDispose]: () => endpoint[Symbol.asyncDispose](),
  };
}
