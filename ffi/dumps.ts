import { openFunctions } from "./functions.ts";

const symbols = {
  /** `int prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)` */
  prctl: { parameters: ["i32", "usize", "usize", "usize", "usize"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** `PR_SET_DUMPABLE`, linux/prctl.h. */
const setDumpable = 4;

/**
 * Prevents core dumps of this process on Linux, whatever the limit and the dump handler, and prevents other
 * programs of the same user from attaching to it or reading its memory, environment or open files in `/proc`
 * (PR_SET_DUMPABLE, prctl(2)). It does not affect child programs: execve(2) resets the flag.
 *
 * Returns `false` if the system does not support it.
 */
export function forbidDumps(): boolean {
  try {
    const { prctl } = openFunctions("libc.so.6", symbols);
    return prctl(setDumpable, 0n, 0n, 0n, 0n) === 0;
  } catch {
    return false;
  }
}
