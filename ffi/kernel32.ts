const symbols = {
  /** `HANDLE GetCurrentProcess(void)`: a pseudo handle, which nobody closes */
  GetCurrentProcess: { parameters: [], result: "pointer" },
  /**
   * `BOOL GetProcessTimes(HANDLE, LPFILETIME lpCreationTime, LPFILETIME lpExitTime, LPFILETIME lpKernelTime,
   * LPFILETIME lpUserTime)`
   */
  GetProcessTimes: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** Milliseconds from the beginning of `FILETIME`, 1601, to that of Unix time. */
const epoch = 11_644_473_600_000;

/**
 * When this process was made, in milliseconds since the Unix epoch. `FILETIME`, minwinbase.h, counts 100 ns
 * from 1601. `undefined` where the system does not say.
 */
export function processStart(): number | undefined {
  try {
    const kernel = Deno.dlopen("kernel32.dll", symbols);
    const { GetCurrentProcess, GetProcessTimes } = kernel.symbols;
    const creation = new BigUint64Array(1);
    // The other three are asked for because they cannot be left out.
    const others = Array.from({ length: 3 }, () => new BigUint64Array(1)) as [Time, Time, Time];
    const isKnown = GetProcessTimes(GetCurrentProcess(), creation, ...others) !== 0;
    kernel.close();
    return isKnown ? Number((creation[0] ?? 0n) / 10_000n) - epoch : undefined;
  } catch {
    return undefined;
  }
}

type Time = BigUint64Array<ArrayBuffer>;
