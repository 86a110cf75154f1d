import assert from "node:assert/strict";
import type { Arena, Ending } from "./campaign.ts";

/** How a command ended whose machine was to break under it. */
export interface BrokenEnding extends Ending {
  /** Whether it came to the call that was to break. */
  readonly isBroken: boolean;
}

/** Builds the library that breaks a command's machine; the path to it, in `directory`. */
export async function buildFailingCalls(directory: string): Promise<string> {
  const library = `${directory}/failing_calls.so`;
  const source = `${import.meta.dirname}/../rigs/failing_calls.c`;
  const { success, stderr } = await new Deno.Command("gcc", {
    args: ["-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-o", library, source, "-ldl"],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return library;
}

/** Sets up `arena` and runs its command, with what `fault` says (tests/rigs/failing_calls.c, without `FOB_FAULT_`). */
export async function runBroken(
  arena: Arena,
  library: string,
  fault: Readonly<Record<string, string | number>>,
): Promise<BrokenEnding> {
  await arena.setUp();
  const mark = `${library}.mark`;
  const words = Object.entries({ MARK: mark, ...fault }).map(([name, value]) =>
    `FOB_FAULT_${name}=${value}`
  );
  const ending = await arena.start(["env", `LD_PRELOAD=${library}`, ...words]).ending;
  const isBroken = await Deno.remove(mark).then(() => true, () => false);
  return { ...ending, isBroken };
}
