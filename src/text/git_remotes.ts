import { present } from "../present.ts";

/**
 * Returns the addresses of the remotes in the text of a repository's `config` (syntax of git-config(1)). Does not
 * read included files or apply `insteadOf`: only the literal addresses count. Skips text that Git rejects.
 */
export function readRemotes(config: string): string[] {
  const found: string[] = [];
  let isRemote = false;
  for (const line of joinContinued(config)) {
    let rest = line;
    for (let header = headerOf(rest); header !== null; header = headerOf(rest)) {
      isRemote = isRemoteSection(header[1] ?? "", header[2]);
      rest = rest.slice(header[0].length);
    }
    const [, value] = /^\s*url\s*=(.*)$/is.exec(rest) ?? [];
    if (isRemote && value !== undefined) found.push(readValue(value));
  }
  return found.filter((address) => address !== "");
}

/** Matches the name and the subsection of a header at the start of `text`. A key may follow on the same line. */
function headerOf(text: string): RegExpExecArray | null {
  return /^\s*\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(text);
}

/** Whether a header is `[remote "origin"]` or `[remote.origin]`. Git reads both. */
function isRemoteSection(name: string, subsection: string | undefined): boolean {
  const [first = "", ...rest] = name.toLowerCase().split(".");
  return first === "remote" && (subsection ?? rest.join(".")) !== "";
}

/** Returns the lines, joined with the next one if they end in a backslash. */
function joinContinued(text: string): string[] {
  return (text.replace(/^\uFEFF/, "").match(/(?:[^\n\\]|\\(?:\r\n|[^])?)*\n?/g) ?? [])
    .map((line) => line.replaceAll(/\\\r?\n/g, "").replace(/\r?\n$/, ""));
}

/** Returns a value without quotes and comment, trimmed outside of quotes. */
function readValue(text: string): string {
  let [value, kept, isQuoted] = ["", 0, false];
  for (const [token] of text.trim().matchAll(/\\.|[^]/gsu)) {
    if (token === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (token === "#" || token === ";")) break;
    else value += token.length > 1 && token.startsWith("\\") ? unescaped(token) : token;
    if (isQuoted || !/\s/.test(token)) kept = value.length;
  }
  return value.slice(0, kept);
}

function unescaped(token: string): string {
  return { "\\n": "\n", "\\t": "\t", "\\b": "\b" }[token] ?? token.slice(1);
}

/** The parts of a remote's address that rules compare. */
export interface RemoteAddress {
  /** In lower case, like the path: no large server distinguishes case. */
  readonly host: string;
  readonly port?: string;
  readonly path: readonly string[];
}

/** The maximum length of an address, in characters. */
const longest = 2048;

/**
 * Parses the address of a remote: a URL or `user@host:path`. Ignores the scheme, the user, and `.git` or a slash at
 * the end. Returns `undefined` for a local path, a remote helper (`helper::address`), and a path with `.` or `..`.
 */
export function remoteAddress(text: string): RemoteAddress | undefined {
  if (text.length > longest || /[\p{Cc}\\\s]/u.test(text) || /^[^/:]+::/.test(text)) {
    return undefined;
  }
  const url =
    /^(?:https?|ssh|git|git\+ssh|ssh\+git|ftps?):\/\/(?:[^/]*@)?([^/:@]+|\[[^\]]*\])(?::(\d*))?(?:\/(.*))?$/i
      .exec(text);
  if (url !== null) return addressFrom(url[1], url[2] || undefined, url[3]);
  const scp = /^(?:[^/@:]+@)?([^/:@]+|\[[^\]]*\]):(?!\/\/)(.*)$/.exec(text);
  return scp === null ? undefined : addressFrom(scp[1], undefined, scp[2]);
}

function addressFrom(
  host = "",
  port: string | undefined,
  text = "",
): RemoteAddress | undefined {
  const path = text.toLowerCase().replace(/\/+$/, "").replace(/\.git$/, "").split("/")
    .filter((part) => part !== "");
  if (path.some((part) => /^\.{1,2}$/.test(part))) return undefined;
  return { host: host.toLowerCase(), ...present({ port }), path };
}
