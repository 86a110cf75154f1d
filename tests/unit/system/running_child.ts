/** Runs the shell program in the first argument as a child, and prints its exit code. */
import { runProgram } from "../../../src/system/child.ts";

if (import.meta.main) {
  const [script = ""] = Deno.args;
  const program = { command: "sh", args: ["-c", script], set: {}, unset: [], hasTerminal: false };
  console.log(`exit code ${await runProgram(program)}`);
}
