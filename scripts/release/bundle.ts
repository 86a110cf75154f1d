// deno-lint-ignore-file no-console

import { mergeChunks } from "./merge_chunks.ts";

const top = new URL("../..", import.meta.url);
const folder = new URL("dist/", top);

/**
 * Makes `dist/main.js` and its chunks from `main.ts`, in an emptied `dist/`. Split, because a bundle in
 * one file would run the top level of all that is imported lazily.
 */
export async function bundle(): Promise<void> {
  await empty(folder);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "-q", "--minify", "--code-splitting", "--outdir", "dist", "main.ts"],
    cwd: top,
  }).spawn().status;
  if (code !== 0) throw new Error(`Cannot bundle "main.ts": deno bundle ended with ${code}`);
  await mergeChunks(folder);
  await assertAllDisposed();
  for (const name of await chunks()) {
    const { size } = await Deno.stat(new URL(name, folder));
    console.log(`dist/${name} ${size} bytes`);
  }
}

/**
 * Minified, a variable of `using` that only the next statement looks at is put in its place, and never disposed of: so
 * each `using` of the source has to be in the bundle.
 *
 * @throws {Error} that tells how many there are.
 */
async function assertAllDisposed(): Promise<void> {
  const [source, bundled] = [await disposalsIn("main.ts", "src", "ffi"), await disposalsIn("dist")];
  if (source === bundled) return;
  throw new Error(`There are ${source} variables of "using" in the source and ${bundled} in dist/`);
}

async function disposalsIn(...places: readonly string[]): Promise<number> {
  let count = 0;
  for (const place of places) {
    const path = new URL(place, top);
    if ((await Deno.stat(path)).isFile) count += countDisposals(await Deno.readTextFile(path));
    else {
      const names = (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
      count += await disposalsIn(...names.map((name) => `${place}/${name}`));
    }
  }
  return count;
}

/** How many variables of `using` a text of JavaScript or TypeScript declares. */
export function countDisposals(text: string): number {
  return text.match(/\busing [\w$]+\s*=/g)?.length ?? 0;
}

/** The files in `dist/`, `main.js` and its chunks, sorted. */
async function chunks(): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map((entry) => entry.name).sort();
}

async function empty(directory: URL): Promise<void> {
  await Deno.remove(directory, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(directory);
}

if (import.meta.main) await bundle();
