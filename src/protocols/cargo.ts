import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { type JsonObject, objectOf } from "../text/json_object.ts";
import { printable } from "../text/printable.ts";
import {
  authorization,
  hasChallenge,
  headerToken,
  headerValue,
  refusesToken,
} from "./authorization.ts";
import { expirySeconds } from "./expiry.ts";
import { readObject, stringIn, stringsIn } from "./input.ts";
import { requirePlain } from "./plain_text.ts";
import {
  type Answer,
  type Call,
  getRequest,
  type Protocol,
  type Reply,
  type Request,
  stdoutReply,
} from "./protocol.ts";
import { type Target, targetOfUrl } from "./target.ts";

/**
 * Cargo's credential providers, version 1: "Credential Provider Protocol" in the Cargo book, and
 * `credential/cargo-credential` of cargo; run with cargo 1.95. The only argument is `--cargo-plugin`. Requests
 * and replies are lines of JSON. Errors are replies too: an exit code other than 0 ends cargo. Cargo caches the
 * token for its run, or until it expires.
 */
export const cargo: Protocol = {
  greeting: '{"v":[1]}\n',
  readsInput: () => true,
  parse,
  fail: (message) =>
    errorReply({ "kind": "other", "message": printable(message, 1000), "caused-by": [] }),
};

function parse({ argv, input }: Call): Request {
  if (argv.length !== 1 || argv[0] !== "--cargo-plugin") {
    throw new FobError("usage", "Cargo passes one argument: --cargo-plugin");
  }
  const request = readObject(input);
  if (request["v"] !== 1) {
    throw new FobError("usage", "Unsupported cargo protocol version (supported: 1)");
  }
  const registry = objectOf(request["registry"]);
  const target = readIndex(registry);
  if (target === undefined) {
    return { kind: "done", done: errorReply({ kind: "url-not-supported" }) };
  }
  if (request["kind"] === "get") return readGet(target, registry, request);
  if (request["kind"] === "login") return readLogin(target, request);
  if (request["kind"] === "logout") {
    const miss = errorReply({ kind: "not-found" });
    return { kind: "forget", target, done: okReply({ kind: "logout" }), miss };
  }
  return { kind: "done", done: errorReply({ kind: "operation-not-supported" }) };
}

/** A `sparse+` index is fetched by HTTP, any other by git, possibly with another scheme. */
function readIndex(registry: JsonObject): Target | undefined {
  const index = stringIn(registry["index-url"]);
  if (index === undefined) throw new FobError("usage", 'Cargo sent no "index-url"');
  return targetOfUrl(index.replace(/^sparse\+/, ""));
}

/**
 * A file in a git index sets the host that the token is sent to. Any user of a shared host may own the index, as
 * on github.com, so a git index gets only a token that was stored for that index.
 */
function isSparse(registry: JsonObject): boolean {
  return stringIn(registry["index-url"])?.startsWith("sparse+") ?? false;
}

function readGet(target: Target, registry: JsonObject, request: JsonObject): Request {
  const challenges = stringsIn(registry["headers"])
    .map((it) => /^www-authenticate:(.*)$/i.exec(it)?.[1] ?? "");
  const asked = {
    target,
    isRefused: refusesToken(challenges),
    isStoredOnly: !isSparse(registry),
    options: stringsIn(request["args"]),
  };
  const isBare = hasChallenge(challenges, "cargo") && !hasChallenge(challenges, "bearer");
  const write = (answer: Answer): Reply => okReply(formatGet(answer, isBare));
  return getRequest(asked, write, errorReply({ kind: "not-found" }));
}

/** The token is the whole header value. It has no scheme if the registry challenges with `Cargo`. */
function formatGet(answer: Answer, isBare: boolean): JsonObject {
  const token = answer.tokenType === undefined
    ? headerValue(answer)
    : isBare
    ? headerToken(answer)
    : authorization(answer);
  const expiration = expirySeconds(answer.expiresAt);
  const cache = expiration === undefined ? { cache: "session" } : { cache: "expires", expiration };
  return { kind: "get", token, ...cache, operation_independent: true };
}

/** Without a token, cargo expects the helper to prompt for one, which fob does not. */
function readLogin(target: Target, request: JsonObject): Request {
  const token = stringIn(request["token"]);
  if (token === undefined) {
    throw new FobError("usage", "cargo login sent no token. Pass one: cargo login TOKEN");
  }
  const secret = new Secret(requirePlain(token, "token"));
  return { kind: "store", target, secret, done: okReply({ kind: "login" }) };
}

function okReply(value: JsonObject): Reply {
  return stdoutReply(`${JSON.stringify({ Ok: value })}\n`);
}

function errorReply(value: JsonObject): Reply {
  return stdoutReply(`${JSON.stringify({ Err: value })}\n`);
}
