/**
 * Runs work for the milliseconds in the first argument. It fails if there is a second argument. Prints the
 * result, and waits.
 */
import { FobError } from "../../../src/errors.ts";
import { deferInterrupts } from "../../../src/system/interrupts.ts";

async function work(): Promise<string> {
  console.log("working");
  await new Promise((resolve) => setTimeout(resolve, Number(Deno.args[0])));
  console.log("worked");
  if (Deno.args[1] !== undefined) throw new Error(Deno.args[1]);
  return "result";
}

if (import.meta.main) {
  try {
    console.log(await deferInterrupts(work));
  } catch (error) {
    console.log(error instanceof FobError ? `${error.code}: ${error.message}` : String(error));
  }
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}
