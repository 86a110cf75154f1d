const symbols = {
  /** `HANDLE GetCurrentProcess(void)`: a pseudo handle, which must not be closed */
  GetCurrentProcess: { parameters: [], result: "pointer" },
  /**
   * `BOOL GetProcessTimes(HANDLE, LPFILETIME lpCreationTime, LPFILETIME lpExitTime, LPFILETIME lpKernelTime,
   * LPFILETIME lpUserTime)`
   */
  GetProcessTimes: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  /** `HANDLE OpenProcess(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwProcessId)` */
  OpenProcess: { parameters: ["u32", "i32", "u32"], result: "pointer" },
  /**
   * `BOOL QueryFullProcessImageNameW(HANDLE, DWORD dwFlags, LPWSTR lpExeName, PDWORD lpdwSize)`; the size is in
   * characters, of the buffer before and of the path after, without its NUL
   */
  QueryFullProcessImageNameW: { parameters: ["pointer", "u32", "buffer", "buffer"], result: "i32" },
  /** `BOOL CloseHandle(HANDLE)` */
  CloseHandle: { parameters: ["pointer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** `PROCESS_QUERY_LIMITED_INFORMATION`, winnt.h. */
const queryLimited = 0x1000;
/** Maximum length of a path in characters. */
const pathLimit = 32_768;

/** Milliseconds from the epoch of `FILETIME`, 1601, to the Unix epoch. */
const epoch = 11_644_473_600_000;

/**
 * The creation time of this process, in milliseconds since the Unix epoch. `FILETIME`, minwinbase.h, counts
 * 100 ns from 1601. `undefined` if unknown.
 */
export function processStart(): number | undefined {
  try {
    const kernel = Deno.dlopen("kernel32.dll", symbols);
    const { GetCurrentProcess, GetProcessTimes } = kernel.symbols;
    const creation = new BigUint64Array(1);
    // The other three times are required arguments.
    const others = Array.from({ length: 3 }, () => new BigUint64Array(1)) as [Time, Time, Time];
    const isKnown = GetProcessTimes(GetCurrentProcess(), creation, ...others) !== 0;
    kernel.close();
    return isKnown ? Number((creation[0] ?? 0n) / 10_000n) - epoch : undefined;
  } catch {
    return undefined;
  }
}

/** The file name of a process's executable; `undefined` if unknown. */
export function processName(id: number): string | undefined {
  try {
    const kernel = Deno.dlopen("kernel32.dll", symbols);
    const { OpenProcess, QueryFullProcessImageNameW, CloseHandle } = kernel.symbols;
    const handle = OpenProcess(queryLimited, 0, id);
    const path = new Uint16Array(pathLimit);
    const size = new Uint32Array([path.length]);
    const isKnown = handle !== null && QueryFullProcessImageNameW(handle, 0, path, size) !== 0;
    if (handle !== null) CloseHandle(handle);
    kernel.close();
    const name = new TextDecoder("utf-16le").decode(path.subarray(0, isKnown ? size[0] : 0));
    return name.slice(name.lastIndexOf("\\") + 1) || undefined;
  } catch {
    return undefined;
  }
}

type Time = BigUint64Array<ArrayBuffer>;
