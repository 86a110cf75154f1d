import { FobError } from "../errors.ts";

/** What a terminal, a supervisor or a closed window sends to end a process; on Windows also Ctrl+Break. */
const interrupts: readonly Deno.Signal[] = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  ...Deno.build.os === "windows" ? ["SIGBREAK" as const] : [],
];

/**
 * Runs `work` to its end even when the process is asked to stop in between, and stops it then: for the
 * moments in which something has been spent at a server and not yet been kept.
 *
 * @throws {FobError} `interrupted`, after `work` has ended one way or the other, if a signal came.
 */
export async function deferInterrupts<T>(work: () => Promise<T>): Promise<T> {
  const seen: Deno.Signal[] = [];
  const note = interrupts.map((signal) => [signal, (): void => void seen.push(signal)] as const);
  for (const [signal, listener] of note) Deno.addSignalListener(signal, listener);
  const interrupted = (cause?: unknown): void => {
    if (seen.length > 0) throw new FobError("interrupted", `Stopped by ${seen[0]}`, { cause });
  };
  try {
    const result = await work();
    interrupted();
    return result;
  } catch (error) {
    interrupted(error);
    throw error;
  } finally {
    for (const [signal, listener] of note) Deno.removeSignalListener(signal, listener);
  }
}

/**
 * Runs `work`, and gives up on it where the process is asked to stop: for the first process of a container,
 * which no signal ends that it does not listen for (pid_namespaces(7)). Others are just ended.
 *
 * @throws {FobError} `interrupted`.
 */
export async function stoppable<T>(work: () => Promise<T>): Promise<T> {
  if (Deno.pid !== 1) return await work();
  const stopped = Promise.withResolvers<never>();
  const listeners = interrupts.map((signal) => {
    const fault = new FobError("interrupted", `Stopped by ${signal}`);
    return [signal, (): void => stopped.reject(fault)] as const;
  });
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  try {
    return await Promise.race([work(), stopped.promise]);
  } finally {
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  }
}
