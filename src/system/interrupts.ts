import { FobError } from "../errors.ts";

/** What a terminal, a supervisor or a closed window sends to end a process; on Windows also Ctrl+Break. */
const interrupts: readonly Deno.Signal[] = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  ...Deno.build.os === "windows" ? ["SIGBREAK" as const] : [],
];

/** What came while interrupts were held. Disposing of it lets them end the process again. */
export interface HeldInterrupts extends Disposable {
  /** The first that came. */
  readonly first: string | undefined;
  /** Aborts with `FobError` `interrupted` as soon as one comes. */
  readonly signal: AbortSignal;
}

/** Lets no interrupt end the process, for whoever has something to put in order before. */
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
 * Runs `work` to its end even when the process is asked to stop in between, and stops it then: for the
 * moments in which something has been spent at a server and not yet been kept.
 *
 * @throws {FobError} `interrupted`, after `work` has ended one way or the other, if a signal came.
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
