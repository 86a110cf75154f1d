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
 * `authandtls/credentialhelper`. The argument is `get`; request and response are JSON objects. An error fails
 * the build, and Bazel may send any URL, so an unknown host gets a response without headers. Bazel caches a
 * response until it expires.
 */
export const bazel: Protocol = {
  readsInput: ([command]) => command === "get",
  parse,
  fail: stderrFailure,
};

const nothing = stdoutReply('{"headers":{}}\n');

function parse({ argv, input }: Call): Request {
  if (argv[0] !== "get") {
    throw new FobError(
      "usage",
      "Unsupported operation (supported: get)",
    );
  }
  const uri = stringIn(readObject(input)["uri"]);
  if (uri === undefined) throw new FobError("usage", 'Bazel sent no "uri"');
  const target = targetOfUrl(uri);
  if (target === undefined) return { kind: "done", done: nothing };
  return getRequest({ target }, write, nothing);
}

function write(answer: Answer): Reply {
  const headers = { Authorization: [authorization(answer)] };
  return stdoutReply(`${JSON.stringify({ headers, expires: expiryTime(answer.expiresAt) })}\n`);
}
