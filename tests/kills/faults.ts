import assert from "node:assert/strict";
import type { Arena, Ending } from "./campaign.ts";

/** The result of a command with an injected fault. */
export interface BrokenEnding extends Ending {
  /** Whether the command reached the call with the fault. */
  readonly isBroken: boolean;
}

/** Builds the library that injects faults, in `directory`. Returns its path. */
export async function buildFailingCalls(directory: string): Promise<string> {
  const library = `${directory}/failing_calls.so`;
  const source = `${import.meta.dirname}/../rigs/failing_calls.c`;
  const { success, stderr } = await new Deno.Command("gcc", {
    args: ["-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-o", library, source, "-ldl"],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return library;
}

/** A fault: variables of tests/rigs/failing_calls.c without the prefix `FOB_FAULT_`, and their values. */
export type Fault = Readonly<Record<string, string | number>>;

/** The words to put before a command to inject the fault. */
export function breaking(library: string, fault: Fault): string[] {
  const variables = Object.entries({ MARK: markOf(library), ...fault });
  return ["env", `LD_PRELOAD=${library}`]
    .concat(variables.map(([name, value]) => `FOB_FAULT_${name}=${value}`));
}

function markOf(library: string): string {
  return `${library}.mark`;
}

/** Sets up `arena` and runs its command with the fault. */
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
