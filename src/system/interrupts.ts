import { FobError } from "../errors.ts";

/** Signals by which a terminal, a supervisor or a closed window ends a process; on Windows also Ctrl+Break. */
const interrupts: readonly Deno.Signal[] = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  ...Deno.build.os === "windows" ? ["SIGBREAK" as const] : [],
];

/** The state while interrupts are held. Disposing of it lets them end the process again. */
export interface HeldInterrupts extends Disposable {
  /** The first signal that arrived. */
  readonly first: string | undefined;
  /** Aborts with `FobError` `interrupted` when a signal arrives. */
  readonly signal: AbortSignal;
}

/** Prevents interrupts from ending the process, so that the caller can clean up first. */
export function holdInterrupts(): HeldInterrupts {
  const stop = new AbortController();
  let first: Deno.Signal | undefined;
  const listeners = interrupts.map((signal) =>
    [signal, (): void => {
      first ??= signal;
      stop.abort(new FobError("interrupted", `Stopped by ${first}`));
    }] as const
  );
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return {
    get first(): string | undefined {
      return first;
    },
    signal: stop.signal,
    [Symbol.dispose]: (): void => {
      for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}

/**
 * Runs `work` to its end even if a signal arrives, and throws then. For work that must not stop between a
 * server's answer and the write of its result, such as a refresh.
 *
 * @throws {FobError} `interrupted` if a signal arrived, after `work` has ended or failed.
 */
export async function deferInterrupts<T>(work: () => Promise<T>): Promise<T> {
  using held = holdInterrupts();
  const interrupted = (cause?: unknown): void => {
    if (held.first === undefined) return;
    throw new FobError("interrupted", `Stopped by ${held.first}`, { cause });
  };
  try {
    const result = await work();
    interrupted();
    return result;
  } catch (error) {
    interrupted(error);
    throw error;
  }
}

/**
 * Runs `work`, and throws as soon as a signal arrives. For the first process of a container, which ignores
 * signals without a listener (pid_namespaces(7)). Other processes are simply ended by the signal.
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
