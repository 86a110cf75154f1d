const symbols = {
  /** `int waitid(idtype_t idtype, id_t id, siginfo_t *infop, int options)` */
  waitid: { parameters: ["i32", "u32", "buffer", "i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** linux/wait.h */
const [all, single] = [0, 1];
const [noHang, exited, noWait] = [1, 4, 0x01000000];
/** `sizeof(siginfo_t)`, and the offset of `si_pid` on 64-bit systems (asm-generic/siginfo.h). */
const [size, processAt] = [128, 16];

/**
 * A function that reaps every child of this process that has ended, up to the first that `isOwn` claims: Deno
 * waits for those itself. The first process of a container becomes the parent of all orphans in it
 * (pid_namespaces(7)), and the kernel keeps each ended child until its status is read.
 *
 * `undefined` if the system does not support it.
 */
export function openOrphanReaper(): ((isOwn: (pid: number) => boolean) => void) | undefined {
  try {
    const { symbols: { waitid } } = Deno.dlopen("libc.so.6", symbols);
    return (isOwn) => {
      for (;;) {
        const pid = ended(waitid, all, 0, noWait);
        // Deno reaps fob's own child, and another SIGCHLD follows when the next one ends.
        if (pid === 0 || isOwn(pid)) return;
        ended(waitid, single, pid, 0);
      }
    };
  } catch {
    return undefined;
  }
}

type Waitid = Deno.DynamicLibrary<typeof symbols>["symbols"]["waitid"];

/** The ID of an ended child that matches `type` and `id`; 0 if none has ended. */
function ended(waitid: Waitid, type: number, id: number, options: number): number {
  const found = new Uint8Array(size);
  const status = waitid(type, id, found, options | exited | noHang);
  return status === 0 ? new DataView(found.buffer).getInt32(processAt, true) : 0;
}
