import type { CommandContext } from "../context.ts";
import type { OutputForm } from "./output_format.ts";

/** Milliseconds after which work is shown. */
const atOnce = 300;

/**
 * Runs `work`. On a terminal, shows `what` and the seconds if it takes longer than `atOnce`, and clears the
 * line at the end.
 */
export async function withProgress<T>(
  what: string,
  work: () => Promise<T>,
  { io: { terminal }, system: { clock } }: {
    readonly io: Pick<CommandContext["io"], "terminal">;
    readonly system: Pick<CommandContext["system"], "clock">;
  },
  output?: OutputForm,
): Promise<T> {
  if (!terminal.canDraw || output === "json") return await work();
  const done = new AbortController();
  const show = async (): Promise<void> => {
    const start = clock.now();
    await clock.sleep(atOnce, done.signal);
    for (let next = start;;) {
      const seconds = Math.round((clock.now() - start) / 1_000);
      terminal.draw(seconds === 0 ? `${what} ...` : `${what} ... ${seconds} s`);
      next += 1_000;
      await clock.sleep(Math.max(0, next - clock.now()), done.signal);
    }
  };
  // Rejects only if the signal is aborted.
  show().catch(() => {});
  try {
    return await work();
  } finally {
    done.abort();
    terminal.draw("");
  }
}
