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

/** What breaks the machine: a variable of tests/rigs/failing_calls.c without its `FOB_FAULT_`, and its value. */
export type Fault = Readonly<Record<string, string | number>>;

/** The words before a command whose machine is to break. */
export function breaking(library: string, fault: Fault): string[] {
  const variables = Object.entries({ MARK: markOf(library), ...fault });
  return ["env", `LD_PRELOAD=${library}`]
    .concat(variables.map(([name, value]) => `FOB_FAULT_${name}=${value}`));
}

function markOf(library: string): string {
  return `${library}.mark`;
}

/** Sets up `arena` and runs its command, with a machine that breaks. */
export async function runBroken(
  arena: Arena,
  library: string,
  fault: Fault,
): Promise<BrokenEnding> {
  await arena.setUp();
  const ending = await arena.start(breaking(library, fault)).ending;
  const isBroken = await Deno.remove(markOf(library)).then(() => true, () => false);
  return { ...ending, isBroken };
}
