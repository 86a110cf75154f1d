import type { EarlierFile } from "./allowed.ts";
import type { Search, Sighting } from "./search.ts";

/** Directories to search, with their name in the allow list. A nested directory comes before its parent. */
export type Places = readonly (readonly [name: string, path: string])[];

/** An entry of a directory. */
export interface Entry {
  /** Changes when the entry is written. */
  readonly version: string;
  readonly mode: number;
  /** The target of a link; otherwise empty. */
  readonly link: string;
}

/** All entries below `places`, by path. */
export async function entriesIn(places: Places): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for (const [, path] of places) await walk(path, entries);
  return entries;
}

/** Searches each of `entries`, and returns them with the secrets in them. */
export async function lookInto(
  entries: ReadonlyMap<string, Entry>,
  search: Search,
): Promise<Map<string, Entry & EarlierFile>> {
  const files = await Promise.all([...entries].map(async ([path, entry]) => {
    const secrets = new Set((await sightingsIn(path, search)).map(({ secret }) => secret));
    const target = await Deno.realPath(path).catch(orGone);
    return [path, { ...entry, secrets, target: target === path ? undefined : target }] as const;
  }));
  return new Map(files);
}

/** The secrets in a file or in the target of a link; empty if it is not a file. */
export async function sightingsIn(path: string, search: Search): Promise<Sighting[]> {
  const { isFile } = await Deno.stat(path).catch(orGone) ?? { isFile: false };
  const bytes = isFile ? await Deno.readFile(path).catch(orGone) : undefined;
  return bytes === undefined ? [] : search.findAll(bytes);
}

/** The name of the file at `path` in the allow list. */
export function nameOf(path: string, places: Places): string {
  const [name, top] = places.find(([, top]) => path.startsWith(`${top}/`)) ?? ["", ""];
  return [name, path.slice(top.length + 1)].filter(Boolean).join("/");
}

async function walk(path: string, entries: Map<string, Entry>): Promise<void> {
  const inside = await Array.fromAsync(Deno.readDir(path)).catch(orGone) ?? [];
  for (const { name } of inside) {
    const inner = `${path}/${name}`;
    const found = entries.has(inner) ? undefined : await Deno.lstat(inner).catch(orGone);
    if (found === undefined) continue;
    const { isDirectory, isSymlink, mode, ino, size, mtime, ctime } = found;
    const link = isSymlink ? await Deno.readLink(inner).catch(orGone) ?? "" : "";
    const times = isDirectory ? "" : `${size} ${mtime?.getTime()} ${ctime?.getTime()}`;
    entries.set(inner, { version: `${ino} ${times} ${link}`, mode: mode ?? 0, link });
    if (isDirectory && !isDenos(inner)) await walk(inner, entries);
  }
}

/** Whether this is Deno's cache on Windows, which contains a copy of Deno. A compiled fob has none. */
function isDenos(directory: string): boolean {
  return directory.endsWith("/AppData/Local/deno");
}

function orGone(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}
