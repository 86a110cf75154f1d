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
 * pnpm's documentation, and `network/auth-header`; run with pnpm 12.21. There are no words, not even the
 * registry: the profile comes from the file that pnpm runs. The answer is the header, which newer releases
 * also complete where `Bearer` is missing. It is used for as long as a run takes.
 */
export const pnpm: Protocol = {
  readsInput: () => false,
  parse,
  fail: stderrFailure,
};

function parse({ argv }: Call): Request {
  if (argv.length > 0) throw new FobError("usage", "pnpm says nothing, and here are words");
  const miss = stderrFailure("There is no credential for this registry");
  return getRequest({}, (answer) => stdoutReply(`${authorization(answer)}\n`), miss);
}
