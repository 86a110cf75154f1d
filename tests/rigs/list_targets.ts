/** Prints the Credential Manager targets that begin with its argument, one per line. */
import { Advapi32, WindowsError } from "../../ffi/advapi32.ts";

try {
  for (const { target } of new Advapi32().enumerate(Deno.args[0] ?? "")) console.log(target);
} catch (error) {
  if (!(error instanceof WindowsError && error.code === 1168)) throw error;
}
