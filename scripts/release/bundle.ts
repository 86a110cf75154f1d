// deno-lint-ignore-file no-console

import { mergeChunks } from "./merge_chunks.ts";

const top = new URL("../..", import.meta.url);
const folder = new URL("dist/", top);

/**
 * Bundles `main.ts` into `dist/main.js` and chunks, after emptying `dist/`. The code is split because a
 * bundle in one file would run the top level of every lazily imported module.
 */
export async function bundle(): Promise<void> {
  await empty(folder);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "-q", "--minify", "--code-splitting", "--outdir", "dist", "main.ts"],
    cwd: top,
  }).spawn().status;
  if (code !== 0) throw new Error(`Cannot bundle "main.ts": deno bundle exited with ${code}`);
  await mergeChunks(folder);
  await assertAllDisposed();
  for (const name of await chunks()) {
    const { size } = await Deno.stat(new URL(name, folder));
    console.log(`dist/${name} ${size} bytes`);
  }
}

/**
 * Asserts that every `using` of the source is in the bundle. The minifier inlines a `using` variable that only
 * the next statement reads, and then it is never disposed.
 *
 * @throws {Error} with both counts, if they differ.
 */
async function assertAllDisposed(): Promise<void> {
  const [source, bundled] = [await disposalsIn("main.ts", "src", "ffi"), await disposalsIn("dist")];
  if (source === bundled) return;
  throw new Error(`The source declares ${source} "using" variables, but dist/ has ${bundled}`);
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

/** Counts the `using` declarations in a text of JavaScript or TypeScript. */
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
