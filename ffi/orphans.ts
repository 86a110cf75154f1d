const symbols = {
  /** `int waitid(idtype_t idtype, id_t id, siginfo_t *infop, int options)` */
  waitid: { parameters: ["i32", "u32", "buffer", "i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** linux/wait.h */
const [all, single] = [0, 1];
const [noHang, exited, noWait] = [1, 4, 0x01000000];
/** `sizeof(siginfo_t)`, and where `si_pid` is on systems of 64 bits (asm-generic/siginfo.h). */
const [size, processAt] = [128, 16];

/**
 * What takes the exit status of every child of this process that has ended, but of those that `isOwn` says
 * are waited for elsewhere. The kernel gives the first process of a container all orphans in it for children
 * (pid_namespaces(7)), and keeps each one that ends until its status is taken.
 *
 * `undefined` where the system has no such call.
 */
export function openOrphanReaper(): ((isOwn: (pid: number) => boolean) => void) | undefined {
  try {
    const { symbols: { waitid } } = Deno.dlopen("libc.so.6", symbols);
    return (isOwn) => {
      for (;;) {
        const pid = ended(waitid, all, 0, noWait);
        // One of fob's own is taken by Deno, which tells by another signal when the next one ends.
        if (pid === 0 || isOwn(pid)) return;
        ended(waitid, single, pid, 0);
      }
    };
  } catch {
    return undefined;
  }
}

type Waitid = Deno.DynamicLibrary<typeof symbols>["symbols"]["waitid"];

/** A child of those that are asked for that has ended; 0 where there is none. */
function ended(waitid: Waitid, type: number, id: number, options: number): number {
  const found = new Uint8Array(size);
  const status = waitid(type, id, found, options | exited | noHang);
  return status === 0 ? new DataView(found.buffer).getInt32(processAt, true) : 0;
}
