/** Which file of the tree imports which: where a file is, what a specifier names, and circles. */

/** The top of the tree, with a slash at its end. */
const top = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** The path below the top of the tree, with `/`; a path outside of it is returned as it is. */
export function treePath(filename: string): string {
  const path = filename.replaceAll("\\", "/").replace(/^\//, "");
  const prefix = top.slice(1);
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Whether the file at `path` is part of the program. */
export function isShipped(path: string): boolean {
  return path === "main.ts" || /^(src|ffi)\//.test(path);
}

/** The room of a file: `src/cli` of `src/cli/auth/login.ts`. A file directly under `src` is its own. */
export function roomOf(path: string): string {
  return path.startsWith("src/") ? path.split("/", 2).join("/") : path.split("/", 1).join();
}

/** The file that a relative specifier names; `undefined` for a package. */
export function resolve(path: string, specifier: string): string | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return undefined;
  return decodeURIComponent(new URL(specifier, `file:///${path}`).pathname).slice(1);
}

/** Every import in a text, whether of values, of types or by `import()`. */
const imported = /(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g;

function importsIn(path: string, text: string): string[] {
  return [...text.matchAll(imported)].map(([, specifier = ""]) => resolve(path, specifier))
    .filter((target) => target !== undefined);
}

/** The imports of the files that were asked for, read once each. */
const known = new Map<string, readonly string[]>();

function importsOf(path: string): readonly string[] {
  const found = known.get(path) ?? importsIn(path, readText(path));
  known.set(path, found);
  return found;
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(top + path);
  } catch {
    return "";
  }
}

/**
 * The shortest circle of imports through the file at `path`, whose text is `text`: each file imports the
 * next one, and the last one the first. `undefined` where there is none.
 */
export function circleThrough(path: string, text: string): string[] | undefined {
  const open: string[][] = [[path]];
  const seen = new Set<string>();
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    const last = way.at(-1) ?? path;
    for (const next of last === path ? importsIn(path, text) : importsOf(last)) {
      if (next === path) return way;
      if (!seen.has(next)) open.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

/** How many files the folder of the file at `path` holds, that file included. */
export function filesBeside(path: string): number {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const names = new Set([path.slice(folder.length + 1)]);
  try {
    for (const { name, isFile } of Deno.readDirSync(top + folder)) if (isFile) names.add(name);
  } catch {
    // A folder that is not there yet has no other file.
  }
  return names.size;
}
