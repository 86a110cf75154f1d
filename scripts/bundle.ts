// deno-lint-ignore-file no-console

import { mergeChunks } from "./merge_chunks.ts";

const top = new URL("..", import.meta.url);
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
  for (const name of await chunks()) {
    const { size } = await Deno.stat(new URL(name, folder));
    console.log(`dist/${name} ${size} bytes`);
  }
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
