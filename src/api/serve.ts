import { Secret } from "../secret.ts";
import type { ServeLoopback } from "../system/loopback_endpoint.ts";
import { Forwarder, type ForwardNeeds } from "./forwarder.ts";
import { isSecret, makeLocalSecret } from "./local_key.ts";
import { answerMetadata } from "./metadata_service.ts";

/** A local endpoint for one login, until it is disposed of. */
export interface Served extends AsyncDisposable {
  /** The local URL of the API. Requests need the key. */
  readonly url: Secret;
  /** The key that replaces a token in requests. */
  readonly key: Secret;
  /** The URL where the SDKs of Databricks get tokens. It is secret, because a request needs no key. */
  readonly metadataUrl: Secret;
}

export interface ServeNeeds extends Omit<ForwardNeeds, "key"> {
  readonly listen: ServeLoopback;
}

/**
 * Serves an API under a local URL, for tools that cannot request a token themselves, and for the SDKs of
 * Databricks, which can.
 *
 * @throws {FobError} `io_failed` if no port can be opened.
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
