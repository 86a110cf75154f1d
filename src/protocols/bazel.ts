import { FobError } from "../errors.ts";
import { authorization } from "./authorization.ts";
import { expiryTime } from "./expiry.ts";
import { readObject, stringIn } from "./input.ts";
import {
  type Answer,
  type Call,
  getRequest,
  type Protocol,
  type Reply,
  type Request,
  stderrFailure,
  stdoutReply,
} from "./protocol.ts";
import { targetOfUrl } from "./target.ts";

/**
 * Bazel's `--credential_helper`: `spec.md` of EngFlow's credential-helper-spec, and Bazel's
 * `authandtls/credentialhelper`. The word is `get`; request and answer are JSON objects. An error ends the
 * build, and a helper may be asked about any address there is, so that what fob does not know gets an
 * answer without headers. Bazel keeps an answer until it expires.
 */
export const bazel: Protocol = {
  readsInput: ([command]) => command === "get",
  parse,
  fail: stderrFailure,
};

const nothing = stdoutReply('{"headers":{}}\n');

function parse({ argv, input }: Call): Request {
  if (argv[0] !== "get") throw new FobError("usage", 'Bazel asked for something other than "get"');
  const uri = stringIn(readObject(input)["uri"]);
  if (uri === undefined) throw new FobError("usage", "Bazel sent no address");
  const target = targetOfUrl(uri);
  if (target === undefined) return { kind: "done", done: nothing };
  return getRequest({ target }, write, nothing);
}

function write(answer: Answer): Reply {
  const headers = { Authorization: [authorization(answer)] };
  return stdoutReply(`${JSON.stringify({ headers, expires: expiryTime(answer.expiresAt) })}\n`);
}
