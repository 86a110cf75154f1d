import type { CommandContext } from "../context.ts";

/** A line with the time that is left, rewritten as it counts down. */
export interface Countdown {
  /**
   * Writes the line and starts to count. It counts in longer steps if the user may type below the line. A
   * repeated call continues in a new line.
   */
  show(mayType: boolean): void;
  /** Removes the line. */
  hide(): void;
}

/** Milliseconds between updates. An update overwrites typed text that is longer than a line. */
const step = 1_000;
const stepOverInput = 5_000;

/** Counts down `timeout` milliseconds from now, at most until `ended` is aborted. */
export function countDown(
  timeout: number,
  ended: AbortSignal,
  { io: { terminal }, system: { clock } }: {
    readonly io: Pick<CommandContext["io"], "terminal">;
    readonly system: Pick<CommandContext["system"], "clock">;
  },
): Countdown {
  const end = clock.now() + timeout;
  const line = (): string =>
    `Waiting for sign-in: ${minutes(end - clock.now())} left (Ctrl-C cancels)`;
  let hidden: AbortController | undefined;
  const hide = (): void => {
    if (hidden === undefined) return;
    hidden.abort();
    hidden = undefined;
    terminal.redrawAbove("");
  };
  const count = async (pause: number, signal: AbortSignal): Promise<void> => {
    for (;;) {
      await clock.sleep(pause, signal);
      terminal.redrawAbove(line());
    }
  };
  ended.addEventListener("abort", hide, { once: true });
  return {
    show: (mayType) => {
      hidden?.abort();
      hidden = new AbortController();
      // Only redrawn text is cut to the width of the terminal. A wrapped line could not be removed.
      terminal.say("");
      terminal.redrawAbove(line());
      // Rejects only if the signal is aborted.
      count(mayType ? stepOverInput : step, hidden.signal).catch(() => {});
    },
    hide,
  };
}

/** `4:05` */
function minutes(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
