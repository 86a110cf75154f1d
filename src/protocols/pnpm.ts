import { FobError } from "../errors.ts";
import { authorization } from "./authorization.ts";
import {
  type Call,
  getRequest,
  type Protocol,
  type Request,
  stderrFailure,
  stdoutReply,
} from "./protocol.ts";

/**
 * The `tokenHelper` of pnpm, which a user's `.npmrc` names for each registry: "Authentication settings" in
 * pnpm's documentation, and `network/auth-header`; run with pnpm 12.21. It has no arguments, not even the
 * registry: the file that pnpm runs sets the profile. The output is the header value; newer releases add a
 * missing `Bearer`. The token is used until the run ends.
 */
export const pnpm: Protocol = {
  readsInput: () => false,
  parse,
  fail: stderrFailure,
};

function parse({ argv }: Call): Request {
  if (argv.length > 0) throw new FobError("usage", "pnpm passes no arguments");
  const miss = stderrFailure("No credential for this registry");
  return getRequest({}, (answer) => stdoutReply(`${authorization(answer)}\n`), miss);
}
