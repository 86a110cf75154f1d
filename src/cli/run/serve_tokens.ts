import type { Served } from "../../api/serve.ts";
import { authorization } from "../../protocols/authorization.ts";
import type { TokenSource } from "../../tokens/token_source.ts";
import type { World } from "../context.ts";
import { requireApi } from "./api.ts";

/**
 * Serves the API that the tokens of `source` are for, on this computer.
 *
 * @throws {FobError} `usage` for a login without a host; `io_failed`.
 */
export async function serveTokens(source: TokenSource, world: World): Promise<Served> {
  const { host, provider } = source.facts;
  const platform = world.platforms.find(({ id }) => id === provider);
  const { serve } = await import("../../api/serve.ts");
  const { fetch } = await world.transfer();
  return serve({
    ...world,
    fetch,
    source,
    api: await requireApi(host ?? platform?.host, provider, world),
    listen: await world.loopback(),
    authorization: ({ token, tokenType }) => authorization({ secret: token, tokenType }),
  });
}
