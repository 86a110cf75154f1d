import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import { basicUsername } from "./basic_username.ts";
import { requireShort, withoutLineEnd } from "./input.ts";
import { isPlain } from "./plain_text.ts";
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
import { type Target, targetOfText } from "./target.ts";

/**
 * The command of the Python package keyring, as pip and uv run it: `keyring/cli.py` 25.7, pip's
 * `network/auth.py`, uv's `uv-auth/src/keyring.rs`; run with pip 23.2. The arguments are the operation, the
 * service and the user; uv passes `--mode creds` instead of a user. Pip sends the URL of the index first, then
 * its host. Any other operation, and any service that is not a host, goes to the original command. A password is
 * used until the run ends.
 */
export const keyring: Protocol = {
  namesUsers: true,
  replaces: "keyring",
  readsInput: ([operation]) => operation === "set",
  parse,
  fail: stderrFailure,
};

const pass: Request = { kind: "pass" };
const missed: Reply = { stdout: "", stderr: "", exitCode: 1 };

function parse({ argv, input }: Call): Request {
  const { operation, service, username, mode, output } = readArguments(argv) ?? {};
  const target = service === undefined ? undefined : targetOfService(service);
  if (target === undefined || (username !== undefined && !isPlain(username))) return pass;
  const user = present({ username });
  if (operation === "get" && (username !== undefined || mode === "creds")) {
    const write = (answer: Answer): Reply => {
      const password = answer.secret.reveal();
      const name = username ?? answer.username ?? basicUsername(target);
      return writeValues(mode === "creds" ? { username: name, password } : { password }, output);
    };
    return getRequest({ target, ...user }, write, missed);
  }
  if (operation === "set" && username !== undefined) return readSet(target, username, input);
  if (operation !== "del" || username === undefined) return pass;
  return { kind: "forget", target, username, done: emptyReply, miss: missed };
}

/** The arguments of a supported call. */
interface Arguments {
  readonly operation?: string | undefined;
  readonly service?: string | undefined;
  readonly username?: string | undefined;
  readonly mode?: string | undefined;
  readonly output?: string | undefined;
}

function readArguments(argv: readonly string[]): Arguments | undefined {
  const options = new Map([["--mode", "password"], ["--output", "plain"]]);
  const places: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (word.startsWith("-")) {
      const [name = "", value = argv[++i]] = word.split("=", 2);
      if (!options.has(name) || value === undefined) return undefined;
      options.set(name, value);
    } else places.push(word);
  }
  const [mode, output] = [options.get("--mode"), options.get("--output")];
  const isKnown = /^(password|creds)$/.test(mode ?? "") && /^(plain|json)$/.test(output ?? "");
  if (!isKnown || places.length > 3) return undefined;
  const [operation, service, username] = places;
  return { operation, service, username: username === "" ? undefined : username, mode, output };
}

/** The target of a service; `undefined` if the service is not a host. */
function targetOfService(service: string): Target | undefined {
  try {
    return targetOfText(service);
  } catch {
    return undefined;
  }
}

function writeValues(values: Readonly<Record<string, string>>, output?: string): Reply {
  if (output === "json") return stdoutReply(`${JSON.stringify(values)}\n`);
  return stdoutReply(Object.values(values).map((value) => `${value}\n`).join(""));
}

/** Passes on a secret of several lines: it is not a password for an index. */
function readSet(target: Target, username: string, input: string): Request {
  const password = withoutLineEnd(requireShort(input));
  if (password === "" || !isPlain(password)) return pass;
  return { kind: "store", target, username, secret: new Secret(password), done: emptyReply };
}
