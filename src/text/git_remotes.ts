import { present } from "../present.ts";

/**
 * The addresses of the remotes in the text of a repository's `config`, in the syntax of git-config(1), and
 * nothing else of it: files that it includes are not read, and `insteadOf` changes nothing, so that what is
 * found is what stands there. Text that Git would refuse is skipped.
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

/** A section's name and its subsection, at the start of `text`. A key may follow on the same line. */
function headerOf(text: string): RegExpExecArray | null {
  return /^\s*\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(text);
}

/** `[remote "origin"]`, and `[remote.origin]`, which Git reads as well. */
function isRemoteSection(name: string, subsection: string | undefined): boolean {
  const [first = "", ...rest] = name.toLowerCase().split(".");
  return first === "remote" && (subsection ?? rest.join(".")) !== "";
}

/** The lines, those made one that end in a backslash. */
function joinContinued(text: string): string[] {
  return (text.replace(/^\uFEFF/, "").match(/(?:[^\n\\]|\\(?:\r\n|[^])?)*\n?/g) ?? [])
    .map((line) => line.replaceAll(/\\\r?\n/g, "").replace(/\r?\n$/, ""));
}

/** A value without quotes and comment, trimmed outside of quotes. */
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

/** Where a remote is: the parts of it that rules compare. */
export interface RemoteAddress {
  /** In lower case, as is the path: no large server tells them apart by that. */
  readonly host: string;
  readonly port?: string;
  readonly path: readonly string[];
}

/** Characters; a longer address is none that a person has written. */
const longest = 2048;

/**
 * The address of a remote as a URL or as `user@host:path`, in whichever of the ways it is written: the
 * scheme, the user, `.git` and a slash at the end do not matter. `undefined` for what is on this machine,
 * goes through a program, or has parts that mean other than what they say.
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
