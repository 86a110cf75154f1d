import assert from "node:assert/strict";
import type { Run } from "../../acceptance/runner/program.ts";
import { namesIn } from "../../fakes/machine/temporary_directory.ts";
import type { ToolHome } from "./tool_home.ts";

/** Runs `fob connect`, which must succeed. `home` has `fob` installed. */
export async function connect(
  home: ToolHome,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const run = await home.run(["fob", "connect", ...words], variables);
  assert.equal(run.code, 0, run.stderr);
  return run;
}

/**
 * Asserts that `--undo` of `fob connect` restores the files at `paths` byte for byte, with links and
 * modes, and leaves no new files in their folders.
 */
export async function assertUndone(
  home: ToolHome,
  paths: readonly string[],
  work: () => Promise<void>,
  undo: () => Promise<unknown>,
): Promise<void> {
  const look = (): Promise<unknown[]> => Promise.all(paths.map((path) => snapshot(home, path)));
  const before = await look();
  await work();
  assert.notDeepEqual(await look(), before, "nothing was changed");
  await undo();
  assert.deepEqual(await look(), before);
}

async function snapshot({ directory }: ToolHome, name: string): Promise<unknown> {
  const path = `${directory}/${name}`;
  const folder = path.slice(0, path.lastIndexOf("/"));
  const entry = await Deno.lstat(path).catch(() => undefined);
  if (entry === undefined) return { name, entry: "none" };
  const names = (await Array.fromAsync(Deno.readDir(folder))).map((it) => it.name).sort();
  if (entry.isDirectory) return { name, names: await namesIn(path) };
  return {
    name,
    text: await Deno.readTextFile(path),
    mode: (await Deno.stat(path)).mode,
    link: entry.isSymlink ? await Deno.readLink(path) : undefined,
    beside: names.filter((it) => it.includes("fob-")),
  };
}
