import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { printable } from "../text/printable.ts";
import { basicUsername } from "./basic_username.ts";
import { readObject, requireShort, stringIn, withoutLineEnd } from "./input.ts";
import { requirePlain } from "./plain_text.ts";
import {
  type Answer,
  type Call,
  emptyReply,
  getRequest,
  type ListEntry,
  type Protocol,
  type Reply,
  type Request,
  stdoutReply,
} from "./protocol.ts";
import { type Target, targetOfText } from "./target.ts";

/**
 * Docker's credential helpers: `credentials/credentials.go` and `error.go` of docker-credential-helpers
 * 0.9; clients compare its error texts. Run with docker 28.2. The argument is the operation. Errors go to
 * stdout with exit code 1. A registry is a host, or the URL of Docker Hub. Docker stores related secrets under
 * URLs below it, so the path counts for stored secrets. Docker calls `get` twice per command, and once more for
 * each command that it starts.
 */
export const docker: Protocol = {
  readsInput: ([operation = ""]) => operations.has(operation),
  parse,
  fail: (message) => errorReply(printable(message, 1000)),
};

/** Docker continues without a credential after this error, and fails after any other. */
const notFound = "credentials not found in native keychain";
const noServer = "no credentials server URL";
const noUsername = "no credentials username";

/** The operations with input on stdin. The input of `list` is the word `unused`. */
const operations: ReadonlySet<string> = new Set(["get", "store", "erase"]);

const hub = "https://index.docker.io";
/** The path that docker stores a login to Docker Hub under. */
const hubPath = "v1/";

function parse({ argv, input }: Call): Request {
  const [operation = ""] = argv;
  if (argv.length !== 1) {
    throw new FobError("usage", "Docker passes one argument: the operation");
  }
  if (operation === "get") return readGet(readServer(input));
  if (operation === "store") return readStore(input);
  if (operation === "erase") return readErase(readServer(input));
  if (operation === "list") return { kind: "list", reply: (entries) => jsonReply(listed(entries)) };
  if (operation === "version") {
    return { kind: "done", done: stdoutReply("docker-credential-fob\n") };
  }
  throw new FobError("usage", `Unknown credential action \`${printable(operation, 40)}\``);
}

function readServer(input: string): string {
  const server = withoutLineEnd(requireShort(input));
  if (server.trim() === "") throw new FobError("usage", noServer);
  return server;
}

function readGet(server: string): Request {
  const target = targetOfText(server);
  if (target === undefined) return { kind: "done", done: errorReply(notFound) };
  const write = (answer: Answer): Reply => {
    const Username = answer.username ?? basicUsername(target);
    return jsonReply({ ServerURL: server, Username, Secret: answer.secret.reveal() });
  };
  const isStoredOnly = target.path !== undefined && target.path !== hubPath;
  return getRequest({ target, isStoredOnly }, write, errorReply(notFound));
}

function readStore(input: string): Request {
  const { ServerURL, Username, Secret: secret } = readObject(input);
  const [server, username, text] = [stringIn(ServerURL), stringIn(Username), stringIn(secret)];
  if (server === undefined) throw new FobError("usage", noServer);
  if (username === undefined) throw new FobError("usage", noUsername);
  if (text === undefined) throw new FobError("usage", "Docker sent no secret to store");
  const target: Target | undefined = targetOfText(server);
  if (target === undefined) {
    throw new FobError("usage", "Credentials for plain http are not supported");
  }
  return {
    kind: "store",
    target,
    username: requirePlain(username, "username"),
    secret: new Secret(requirePlain(text, "secret")),
    done: emptyReply,
  };
}

/** Docker also logs out of servers without a login, and shows an error to the user. */
function readErase(server: string): Request {
  const target = targetOfText(server);
  if (target === undefined) return { kind: "done", done: emptyReply };
  return { kind: "forget", target, done: emptyReply, miss: emptyReply };
}

/** The server names to usernames. Docker calls `get` for each server name. */
function listed(entries: readonly ListEntry[]): Record<string, string> {
  return Object.fromEntries(
    entries.map(({ host, username }) => [serverName(host), username ?? "oauth2"]),
  );
}

function serverName(host: string): string {
  if (host.startsWith(`${hub}/`)) return host;
  return host === hub ? `${hub}/${hubPath}` : host.replace(/^https:\/\//, "");
}

function jsonReply(value: unknown): Reply {
  return stdoutReply(`${JSON.stringify(value)}\n`);
}

function errorReply(message: string): Reply {
  return { stdout: `${message}\n`, stderr: "", exitCode: 1 };
}
