import type { WorkingDirectory } from "../system/working_directory.ts";
import { type RemoteAddress, remoteAddress } from "../text/git_remotes.ts";
import { isWild, matchesParts } from "../text/glob.ts";

/**
 * Returns what is wrong with a directory pattern, as a phrase. A pattern must be absolute or start with `~/`:
 * a repository could contain a directory that matches a relative one.
 */
export function directoryProblem(pattern: string): string | undefined {
  if (!/^(?:~(?:[\\/]|$)|\/|[A-Za-z]:[\\/]|\\\\)/.test(pattern)) {
    return "a directory must start with ~/ or be an absolute path";
  }
  const hasDots = partsOf(pattern).some((part) => part === ".." || part === ".");
  return hasDots ? "a directory must not contain the parts . or .." : undefined;
}

/**
 * Whether the working directory matches `pattern` or is below a match. Compares the pattern as written and with
 * its symbolic links resolved, because the system reports the working directory with links resolved.
 */
export async function isInDirectory(pattern: string, working: WorkingDirectory): Promise<boolean> {
  const directory = working.directory();
  const parts = partsOf(pattern);
  const isOfHome = parts[0] === "~";
  if (directory === undefined || (isOfHome && working.home === undefined)) return false;
  const written = isOfHome ? parts.slice(1) : parts;
  const firstWild = written.findIndex(isWild);
  const fixed = firstWild < 0 ? written : written.slice(0, firstWild);
  const top = isOfHome
    ? [working.home, ...fixed].join("/")
    : rootOf(pattern) + fixed.join("/").replace(/^[A-Za-z]:$/, "$&/");
  const isBelow = (path: string): boolean =>
    isAt(partsOf(path), written.slice(fixed.length), partsOf(directory), working);
  return isBelow(top) || isBelow(await working.realPath(top));
}

/** Whether `parts` start with `top` literally and continue as the pattern `rest` requires. */
function isAt(
  top: readonly string[],
  rest: readonly string[],
  parts: readonly string[],
  { ignoresCase }: WorkingDirectory,
): boolean {
  const fold = (part: string): string => ignoresCase ? part.normalize("NFC").toLowerCase() : part;
  return top.every((part, index) => fold(part) === fold(parts[index] ?? "")) &&
    matchesParts([...rest.map(fold), "**"], parts.slice(top.length).map(fold));
}

/** Splits a path. A backslash is a separator only in a Windows path; elsewhere it is part of a name. */
function partsOf(path: string): string[] {
  const divider = /^(?:~\\|[A-Za-z]:|\\\\)/.test(path) ? /[\\/]+/ : /\/+/;
  return path.split(divider).filter((part) => part !== "");
}

function rootOf(path: string): string {
  return /^\\\\|^\/|/.exec(path)?.[0].replaceAll("\\", "/") ?? "";
}

/** Returns what is wrong with a remote pattern, as a phrase. */
export function remoteProblem(pattern: string): string | undefined {
  return remotePattern(pattern) === undefined
    ? "use a remote like git.example.com/team or git@git.example.com:team"
    : undefined;
}

/** Whether the address of a remote matches `pattern` or is below a match. */
export function isAtRemote(pattern: string, address: string): boolean {
  const [wanted, found] = [remotePattern(pattern), remoteAddress(address)];
  if (wanted === undefined || found === undefined) return false;
  return isHost(wanted.host, found.host) &&
    (wanted.port === undefined || wanted.port === found.port) &&
    matchesParts([...wanted.path, "**"], found.path);
}

/** Parses a pattern: any form of a remote address, also without a scheme. */
function remotePattern(pattern: string): RemoteAddress | undefined {
  return remoteAddress(pattern.includes(":") ? pattern : `https://${pattern}`);
}

/** Returns what is wrong with a host pattern, as a phrase. */
export function hostProblem(pattern: string): string | undefined {
  return hostParts(pattern) === undefined
    ? "use a host like git.example.com, *.example.com or git.example.com:8443"
    : undefined;
}

/** Whether `origin` matches the host `pattern`. Without a port, the pattern matches any port. */
export function isAtHost(pattern: string, origin: string): boolean {
  const wanted = hostParts(pattern);
  const url = URL.parse(origin);
  if (wanted === undefined || url === null) return false;
  const { scheme, host, port } = wanted;
  const ownPort = url.port || (url.protocol === "http:" ? "80" : "443");
  return isHost(host, url.hostname) && (port === undefined || port === ownPort) &&
    (scheme === undefined || `${scheme}:` === url.protocol);
}

function hostParts(
  pattern: string,
): { scheme: string | undefined; host: string; port: string | undefined } | undefined {
  const [, scheme, host, port] =
    /^(?:(https?):\/\/)?([^\s/:@\\]+|\[[\da-f:.]+\])(?::(\d{1,5}))?\/?$/i.exec(pattern) ?? [];
  if (host === undefined) return undefined;
  return { scheme: scheme?.toLowerCase(), host: host.toLowerCase(), port };
}

/** `*` matches one label, as in a certificate (RFC 9525 section 6.3). */
function isHost(pattern: string, host: string): boolean {
  return matchesParts(pattern.split("."), host.split("."));
}
