import type { CommandContext } from "../context.ts";

/** A line that says how long a person has still got, and that counts down where it can be rewritten. */
export interface Countdown {
  /**
   * Writes the line; from then on it counts, rarer where the person may type below it. Where it counts
   * already, it goes on in a new line.
   */
  show(mayType: boolean): void;
  /** Takes the line away. */
  hide(): void;
}

/** Milliseconds between two looks at the clock. What is typed and longer than a line is overwritten by each. */
const step = 1_000;
const stepOverInput = 5_000;

/** Counts `timeout` milliseconds down from now, at most until `ended`. */
export function countDown(
  timeout: number,
  ended: AbortSignal,
  { io: { terminal }, system: { clock } }: {
    readonly io: Pick<CommandContext["io"], "terminal">;
    readonly system: Pick<CommandContext["system"], "clock">;
  },
): Countdown {
  const end = clock.now() + timeout;
  const line = (): string => `Waiting for you: ${minutes(end - clock.now())} left; Ctrl-C stops.`;
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
      // Only what is drawn is cut to the terminal, and a line that is wrapped could not be taken back.
      terminal.say("");
      terminal.redrawAbove(line());
      // It ends by the signal alone.
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
