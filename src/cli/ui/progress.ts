import type { CommandContext } from "../context.ts";
import type { OutputForm } from "./output_format.ts";

/** Milliseconds that a person takes for at once. */
const atOnce = 300;

/**
 * Does `work`, and shows `what` is going on where that takes longer and a person is watching. Nothing of it
 * stays on the screen.
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
  // It ends by the signal alone.
  show().catch(() => {});
  try {
    return await work();
  } finally {
    done.abort();
    terminal.draw("");
  }
}
