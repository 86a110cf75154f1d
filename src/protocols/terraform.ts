import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { headerToken } from "./authorization.ts";
import { readObject, stringIn } from "./input.ts";
import { requirePlain } from "./plain_text.ts";
import {
  type Answer,
  type Call,
  emptyReply,
  getRequest,
  type Protocol,
  type Reply,
  type Request,
  stderrFailure,
  stdoutReply,
} from "./protocol.ts";
import { type Target, targetOf } from "./target.ts";

/**
 * The credentials helpers of Terraform and OpenTofu: "Credentials Helpers" in Terraform's internals, and
 * `auth/helper_program.go` of terraform-svchost; run with terraform 1.11. The arguments are the operation and
 * the host, in Punycode, with its port unless it is 443; the scheme is always https. A token is used until the
 * run ends, without an expiry.
 */
export const terraform: Protocol = {
  readsInput: ([operation]) => operation === "store",
  parse,
  fail: stderrFailure,
};

function parse({ argv, input }: Call): Request {
  const [operation, host = ""] = argv;
  const target = argv.length === 2 ? targetOf("https", host) : undefined;
  if (target === undefined) {
    throw new FobError("usage", "Terraform passes two arguments: the operation and the host");
  }
  if (operation === "get") return getRequest({ target }, write, stdoutReply("{}\n"));
  if (operation === "store") return readStore(target, input);
  if (operation === "forget") return { kind: "forget", target, done: emptyReply, miss: emptyReply };
  throw new FobError(
    "usage",
    "Unsupported operation (supported: get, store, forget)",
  );
}

/** Terraform adds `Bearer` itself. */
function write(answer: Answer): Reply {
  return stdoutReply(`${JSON.stringify({ token: headerToken(answer) })}\n`);
}

/** A helper must refuse an object with members that it does not support. */
function readStore(target: Target, input: string): Request {
  const { token, ...others } = readObject(input);
  const secret = stringIn(token);
  if (secret === undefined || Object.keys(others).length > 0) {
    throw new FobError("usage", "Terraform sent more than a token to store, or none");
  }
  const kept = new Secret(requirePlain(secret, "token"));
  return { kind: "store", target, secret: kept, done: emptyReply };
}
