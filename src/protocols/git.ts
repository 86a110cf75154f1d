import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import { hasChallenge, headerToken, isBearer, refusesToken } from "./authorization.ts";
import { basicUsername } from "./basic_username.ts";
import { expirySeconds } from "./expiry.ts";
import { requireShort } from "./input.ts";
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
 * Git's credential helpers: gitcredentials(7), and the format of git-credential(1) as of 2.46, which knows
 * `authtype`; run with 2.39.5. The argument is the operation; an unknown one is ignored. The reply is on stdout;
 * git ignores the exit code. Git calls `get` before each connection.
 */
export const git: Protocol = {
  namesUsers: true,
  readsInput: ([operation = ""]) => operations.has(operation),
  parse,
  fail: stderrFailure,
};

const operations: ReadonlySet<string> = new Set(["get", "store", "erase"]);

function parse({ argv, input }: Call): Request {
  const [operation] = argv;
  if (operation === undefined) throw new FobError("usage", "Git passed no operation");
  if (operation === "capability") {
    return { kind: "done", done: stdoutReply("version 0\ncapability authtype\n") };
  }
  if (!operations.has(operation)) return { kind: "done", done: emptyReply };
  const attributes = readAttributes(input);
  const target = readTarget(attributes);
  if (target === undefined) return { kind: "done", done: emptyReply };
  if (operation === "get") return readGet(target, attributes);
  return operation === "store" ? readStore(target, attributes) : readErase(target, attributes);
}

/** The attributes from git: one value per key, but several for a key that ends with `[]`. */
interface Attributes {
  readonly single: ReadonlyMap<string, string>;
  /** The keys include the brackets. */
  readonly multiple: ReadonlyMap<string, readonly string[]>;
}

/** Reads lines of `key=value` up to an empty line. Only a line feed ends a line. */
function readAttributes(input: string): Attributes {
  const single = new Map<string, string>();
  const multiple = new Map<string, readonly string[]>();
  for (const line of requireShort(input).split("\n")) {
    if (line === "") break;
    const at = line.indexOf("=");
    if (at < 0) throw new FobError("usage", "Git sent a line without an equals sign");
    const [key, value] = [line.slice(0, at), line.slice(at + 1)];
    if (key.endsWith("[]")) {
      multiple.set(key, value === "" ? [] : [...multiple.get(key) ?? [], value]);
    } else if (single.has(key)) {
      throw new FobError("usage", "Git sent an attribute twice");
    } else single.set(key, value);
  }
  return { single, multiple };
}

/** The value of `key`; `undefined` if it is missing or empty. */
function valueOf({ single }: Attributes, key: string): string | undefined {
  const value = single.get(key);
  return value === undefined || value === "" ? undefined : requirePlain(value, key);
}

/** Requires a host and a protocol: git once sent credentials of any host for a blank one (CVE-2020-11008). */
function readTarget(attributes: Attributes): Target | undefined {
  const protocol = valueOf(attributes, "protocol");
  const host = valueOf(attributes, "host");
  if (protocol === undefined) throw new FobError("usage", "Git sent no protocol");
  if (protocol !== "https" && protocol !== "http") return undefined;
  if (host === undefined) throw new FobError("usage", "Git sent no host");
  return targetOf(protocol, host, valueOf(attributes, "path"));
}

function readUser(attributes: Attributes): { username?: string } {
  const username = valueOf(attributes, "username");
  return present({ username });
}

function readGet(target: Target, attributes: Attributes): Request {
  const challenges = attributes.multiple.get("wwwauth[]") ?? [];
  const knowsTypes = attributes.multiple.get("capability[]")?.includes("authtype") ?? false;
  const takesBearer = knowsTypes && hasChallenge(challenges, "bearer");
  const asked = { target, ...readUser(attributes), isRefused: refusesToken(challenges) };
  const write = (answer: Answer): string[] =>
    takesBearer && isBearer(answer.tokenType)
      ? writeBearer(answer)
      : writeBasic(answer, asked.username ?? answer.username ?? basicUsername(target));
  return getRequest(
    asked,
    (answer) => linesReply([...write(answer), ...writeExpiry(answer)]),
    emptyReply,
  );
}

/** The capability must come first. `ephemeral` keeps other helpers from storing the token. */
function writeBearer(answer: Answer): string[] {
  const credential = `credential=${headerToken(answer)}`;
  return ["capability[]=authtype", "authtype=Bearer", credential, "ephemeral=1"];
}

function writeBasic({ secret }: Answer, username: string): string[] {
  return [`username=${username}`, `password=${secret.reveal()}`];
}

/** Git before 2.40 ignores the attribute. */
function writeExpiry({ expiresAt }: Answer): string[] {
  const seconds = expirySeconds(expiresAt);
  return seconds === undefined ? [] : [`password_expiry_utc=${seconds}`];
}

function linesReply(lines: readonly string[]): Reply {
  return stdoutReply(lines.map((line) => `${line}\n`).join(""));
}

/** Git sends every helper what worked, whatever its source. A credential with an authtype is not stored. */
function readStore(target: Target, attributes: Attributes): Request {
  const password = valueOf(attributes, "password");
  if (password === undefined) return { kind: "done", done: emptyReply };
  const expiry = /^\d{1,11}$/.exec(valueOf(attributes, "password_expiry_utc") ?? "");
  return {
    kind: "store",
    target,
    ...readUser(attributes),
    ownUsername: basicUsername(target),
    secret: new Secret(password),
    ...(expiry === null ? {} : { expiresAt: Number(expiry[0]) * 1000 }),
    done: emptyReply,
  };
}

/** Git calls `erase` with the sent credential after a 401, and does not call `get` again in the same run. */
function readErase(target: Target, attributes: Attributes): Request {
  const refused = valueOf(attributes, "password") ?? valueOf(attributes, "credential");
  return {
    kind: "reject",
    target,
    ...readUser(attributes),
    ...(refused === undefined ? {} : { secret: new Secret(refused) }),
    done: emptyReply,
  };
}
