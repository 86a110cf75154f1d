import { openFunctions } from "./functions.ts";

const symbols = {
  /** `int prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)` */
  prctl: { parameters: ["i32", "usize", "usize", "usize", "usize"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** `PR_SET_DUMPABLE`, linux/prctl.h. */
const setDumpable = 4;

/**
 * Has the kernel of Linux write no core dump of this process, whatever limit it has and whatever takes dumps
 * there, and keep other programs of the same person from attaching to it or reading its memory, its
 * environment or its open files in `/proc` (PR_SET_DUMPABLE, prctl(2)). A program that it starts is not
 * kept from anything: the mark ends with execve(2).
 *
 * `false` where the system cannot.
 */
export function forbidDumps(): boolean {
  try {
    const { prctl } = openFunctions("libc.so.6", symbols);
    return prctl(setDumpable, 0n, 0n, 0n, 0n) === 0;
  } catch {
    return false;
  }
}
