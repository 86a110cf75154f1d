/** Resolves imports between files of the tree, and finds circular imports. */

/** The root of the repository, with a trailing slash. */
const top = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** The path relative to the root, with `/`. A path outside of the repository is returned unchanged. */
export function treePath(filename: string): string {
  const path = filename.replaceAll("\\", "/").replace(/^\//, "");
  const prefix = top.slice(1);
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Whether the file at `path` is part of the shipped program. */
export function isShipped(path: string): boolean {
  return path === "main.ts" || /^(src|ffi)\//.test(path);
}

/** The room of a file: `src/cli` of `src/cli/auth/login.ts`. A file directly in `src` is a room of its own. */
export function roomOf(path: string): string {
  return path.startsWith("src/") ? path.split("/", 2).join("/") : path.split("/", 1).join();
}

/** Resolves a relative specifier to a file; `undefined` for a package. */
export function resolve(path: string, specifier: string): string | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return undefined;
  return decodeURIComponent(new URL(specifier, `file:///${path}`).pathname).slice(1);
}

/** Matches every import of values or types, and every `import()`. */
const imported = /(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g;

function importsIn(path: string, text: string): string[] {
  return [...text.matchAll(imported)].map(([, specifier = ""]) => resolve(path, specifier))
    .filter((target) => target !== undefined);
}

/** The imports of each file, read once. */
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
 * The shortest circle of imports through the file at `path` with the content `text`: each file imports
 * the next one, and the last one imports the first. `undefined` if there is no circle.
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

/** The number of files in the folder of `path`, that file included. */
export function filesBeside(path: string): number {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const names = new Set([path.slice(folder.length + 1)]);
  try {
    for (const { name, isFile } of Deno.readDirSync(top + folder)) if (isFile) names.add(name);
  } catch {
    // A folder that does not exist yet has no other files.
  }
  return names.size;
}

/** The stores that open a library of one system: those that the registry of keychains loads. */
export function platformStores(): string[] {
  const text = readText("src/stores/open_store.ts");
  return [...text.matchAll(/import\("\.\/(\w+\/\w+\.ts)"\)/g)].map(([, path]) =>
    `src/stores/${path}`
  );
}
