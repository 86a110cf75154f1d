/**
 * Sends `signal` to this process, and resolves when all signal listeners have been called. The process
 * continues.
 */
export async function interruptHere(signal: Deno.Signal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener(signal, resolve);
  // A signal listener does not keep the event loop alive.
  const awake = setInterval(() => {}, 1_000);
  try {
    Deno.kill(Deno.pid, signal);
    await promise;
  } finally {
    clearInterval(awake);
    Deno.removeSignalListener(signal, resolve);
  }
}
