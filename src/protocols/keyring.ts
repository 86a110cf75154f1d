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
 * `network/auth.py`, uv's `uv-auth/src/keyring.rs`; run with pip 23.2. The words are the operation, the
 * service and the user, whose place uv's `--mode creds` takes. Pip asks for the address of the index first
 * and then for its host. Everything else that the command does, and every service that is no host, is passed
 * on. A password is used for as long as a run takes.
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
  const { operation, service, username, mode, output } = readWords(argv) ?? {};
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

/** What a command line says, where it is one that fob understands. */
interface Words {
  readonly operation?: string | undefined;
  readonly service?: string | undefined;
  readonly username?: string | undefined;
  readonly mode?: string | undefined;
  readonly output?: string | undefined;
}

function readWords(argv: readonly string[]): Words | undefined {
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

/** A service may be any text. One that is no host is somebody else's. */
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

/** A text of several lines is no password to an index, whatever the service is called. */
function readSet(target: Target, username: string, input: string): Request {
  const password = withoutLineEnd(requireShort(input));
  if (password === "" || !isPlain(password)) return pass;
  return { kind: "store", target, username, secret: new Secret(password), done: emptyReply };
}
