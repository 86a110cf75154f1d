import type { WorkingDirectory } from "../system/working_directory.ts";
import { type RemoteAddress, remoteAddress } from "../text/git_remotes.ts";
import { isWild, matchesParts } from "../text/glob.ts";

/**
 * What is wrong with a pattern for a directory, as a clause. It has to say from where on it counts: one that
 * any folder of that name would match, a repository could have made.
 */
export function directoryProblem(pattern: string): string | undefined {
  if (!/^(?:~(?:[\\/]|$)|\/|[A-Za-z]:[\\/]|\\\\)/.test(pattern)) {
    return "a directory begins with ~/ or with the root";
  }
  const hasDots = partsOf(pattern).some((part) => part === ".." || part === ".");
  return hasDots ? "a directory has no part . or .." : undefined;
}

/**
 * Whether the working directory is what `pattern` means, or below it: as that is written, or where its links
 * lead, because of the working directory the system says where it really is.
 */
export async function isInDirectory(pattern: string, here: WorkingDirectory): Promise<boolean> {
  const directory = here.directory();
  const parts = partsOf(pattern);
  const isOfHome = parts[0] === "~";
  if (directory === undefined || (isOfHome && here.home === undefined)) return false;
  const written = isOfHome ? parts.slice(1) : parts;
  const firstWild = written.findIndex(isWild);
  const fixed = firstWild < 0 ? written : written.slice(0, firstWild);
  const top = isOfHome
    ? [here.home, ...fixed].join("/")
    : rootOf(pattern) + fixed.join("/").replace(/^[A-Za-z]:$/, "$&/");
  const isBelow = (path: string): boolean =>
    isAt(partsOf(path), written.slice(fixed.length), partsOf(directory), here);
  return isBelow(top) || isBelow(await here.realPath(top));
}

/** Whether `parts` begin with `top`, letter by letter, and go on as `rest` says. */
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

/** A backslash divides only what is written as on Windows: elsewhere it is a letter. */
function partsOf(path: string): string[] {
  const divider = /^(?:~\\|[A-Za-z]:|\\\\)/.test(path) ? /[\\/]+/ : /\/+/;
  return path.split(divider).filter((part) => part !== "");
}

function rootOf(path: string): string {
  return /^\\\\|^\/|/.exec(path)?.[0].replaceAll("\\", "/") ?? "";
}

/** What is wrong with a pattern for a remote, as a clause. */
export function remoteProblem(pattern: string): string | undefined {
  return remotePattern(pattern) === undefined
    ? "a remote is written like git.example.com/team or git@git.example.com:team"
    : undefined;
}

/** Whether the address of a remote is what `pattern` means, or below it. */
export function isAtRemote(pattern: string, address: string): boolean {
  const [wanted, found] = [remotePattern(pattern), remoteAddress(address)];
  if (wanted === undefined || found === undefined) return false;
  return isHost(wanted.host, found.host) &&
    (wanted.port === undefined || wanted.port === found.port) &&
    matchesParts([...wanted.path, "**"], found.path);
}

/** A pattern may be written as any remote is, and without the scheme too. */
function remotePattern(pattern: string): RemoteAddress | undefined {
  return remoteAddress(pattern.includes(":") ? pattern : `https://${pattern}`);
}

/** What is wrong with a pattern for a host, as a clause. */
export function hostProblem(pattern: string): string | undefined {
  return hostParts(pattern) === undefined
    ? "a host is written like git.example.com, *.example.com or git.example.com:8443"
    : undefined;
}

/** Whether `origin` is at a host that `pattern` means; at any port, where that names none. */
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

/** `*` stands for what is between two dots, as in a certificate, RFC 9525 section 6.3. */
function isHost(pattern: string, host: string): boolean {
  return matchesParts(pattern.split("."), host.split("."));
}
