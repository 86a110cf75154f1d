import type { Served } from "../../api/serve.ts";
import { authorization } from "../../protocols/authorization.ts";
import type { TokenSource } from "../../tokens/token_source.ts";
import type { CommandContext } from "../context.ts";
import { requireApi } from "./api.ts";

/**
 * Serves the API of the tokens of `source` on a loopback address.
 *
 * @throws {FobError} `usage` for a login without a host; `io_failed`.
 */
export async function serveTokens(source: TokenSource, context: CommandContext): Promise<Served> {
  const { host, provider } = source.facts;
  const platform = context.providers.platforms.find(({ id }) => id === provider);
  const { serve } = await import("../../api/serve.ts");
  const { fetch } = await context.io.transfer();
  return serve({
    clock: context.system.clock,
    notice: context.io.notice,
    trace: context.io.trace,
    fetch,
    source,
    api: await requireApi(host ?? platform?.host, provider, context),
    listen: await context.system.loopback(),
    authorization: ({ token, tokenType }) => authorization({ secret: token, tokenType }),
  });
}
