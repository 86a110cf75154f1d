/**
 * Sends `signal` to this process, and waits until it has come to whoever listens; the process goes on.
 * Listeners are told in one turn, so what holds interrupts has been told when this resolves.
 */
export async function interruptHere(signal: Deno.Signal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener(signal, resolve);
  // One who listens for a signal keeps no event loop going.
  const awake = setInterval(() => {}, 1_000);
  try {
    Deno.kill(Deno.pid, signal);
    await promise;
  } finally {
    clearInterval(awake);
    Deno.removeSignalListener(signal, resolve);
  }
}
