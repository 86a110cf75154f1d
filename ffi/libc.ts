import { cString } from "./memory.ts";

const symbols = {
  /** `int open(const char *pathname, int flags)` */
  open: { parameters: ["buffer", "i32"], result: "i32" },
  /** `ssize_t read(int fd, void *buf, size_t count)` */
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  /** `int close(int fd)` */
  close: { parameters: ["i32"], result: "i32" },
  /** `int clock_gettime(clockid_t, struct timespec *)`; 64 bits: seconds at 0, nanoseconds at 8 */
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** `CLOCK_BOOTTIME`, linux/time.h. */
const bootTime = 7;
/** Milliseconds per tick of `starttime`: `USER_HZ` is 100 on every Linux. */
const tick = 10;

/**
 * The age of this process in milliseconds, up to two ticks too low: `starttime` of `/proc/self/stat`, proc(5),
 * is rounded down. Uses the C library, because Deno reads `/proc` only with `--allow-all`.
 *
 * `undefined` if unknown.
 */
export function processAge(): number | undefined {
  try {
    const libc = Deno.dlopen("libc.so.6", symbols);
    const line = readFile(libc.symbols, "/proc/self/stat");
    // The second field, the program's name, is in parentheses and may contain any character.
    const ticks = Number(line.slice(line.lastIndexOf(")") + 2).split(" ")[19]);
    const time = new BigInt64Array(2);
    libc.symbols.clock_gettime(bootTime, time);
    libc.close();
    const age = Number(time[0]) * 1000 + Number(time[1]) / 1e6 - (ticks + 2) * tick;
    return age >= 0 ? age : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The name that a process was started under, without its directory; for a symbolic link, the link's name. It is
 * the first argument in `cmdline`, proc(5), because `comm` is limited to 15 bytes. `undefined` if unknown.
 */
export function processName(id: number | "self"): string | undefined {
  try {
    const libc = Deno.dlopen("libc.so.6", symbols);
    const [path = ""] = readFile(libc.symbols, `/proc/${id}/cmdline`).split("\0");
    libc.close();
    return path.slice(path.lastIndexOf("/") + 1) || undefined;
  } catch {
    return undefined;
  }
}

type Library = Deno.DynamicLibrary<typeof symbols>;

function readFile({ open, read, close }: Library["symbols"], path: string): string {
  const file = open(cString(path), 0);
  const bytes = new Uint8Array(4096);
  const length = Number(read(file, bytes, BigInt(bytes.length)));
  close(file);
  return new TextDecoder().decode(bytes.subarray(0, Math.max(0, length)));
}
