import { deepEqual, equal } from "node:assert/strict";
import type { CommandContext } from "../../../../src/cli/context.ts";
import { countDown } from "../../../../src/cli/ui/countdown.ts";
import { withProgress } from "../../../../src/cli/ui/progress.ts";

/** The part of the context that progress needs. */
interface WatchedContext {
  readonly io: Pick<CommandContext["io"], "terminal">;
  readonly system: Pick<CommandContext["system"], "clock">;
}

/** A terminal that records what is drawn, and a clock that is moved by hand. */
function watched(canDraw = true): WatchedContext & {
  readonly seen: string[];
  pass(milliseconds: number): Promise<void>;
} {
  const seen: string[] = [];
  let now = 0;
  let waking: { at: number; wake: () => void }[] = [];
  const terminal = {
    canDraw,
    draw: (line: string) => void seen.push(line),
    say: (line: string) => void seen.push(line),
    redrawAbove: (line: string) => void seen.push(`^${line}`),
  } as unknown as CommandContext["io"]["terminal"];
  const sleep = (duration: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason));
      waking.push({ at: now + duration, wake: resolve });
    });
  const pass = async (milliseconds: number): Promise<void> => {
    now += milliseconds;
    const due = waking.filter(({ at }) => at <= now);
    waking = waking.filter(({ at }) => at > now);
    for (const { wake } of due) wake();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { seen, io: { terminal }, system: { clock: { now: () => now, sleep } }, pass };
}

Deno.test("progress is shown after 300 ms with its seconds, and removed at the end", async () => {
  const context = watched();
  const work = Promise.withResolvers<string>();
  const done = withProgress("Looking", () => work.promise, context);
  await context.pass(299);
  deepEqual(context.seen, []);
  await context.pass(1);
  await context.pass(700);
  await context.pass(1_000);
  work.resolve("found");
  equal(await done, "found");
  deepEqual(context.seen, ["Looking ...", "Looking ... 1 s", "Looking ... 2 s", ""]);
});

Deno.test("no progress is drawn without a terminal or with JSON", async () => {
  const context = watched(false);
  equal(await withProgress("Looking", () => Promise.resolve(1), context), 1);
  const watching = watched();
  equal(await withProgress("Looking", () => Promise.resolve(2), watching, "json"), 2);
  deepEqual([...context.seen, ...watching.seen], []);
});

Deno.test("the wait for a sign-in is counted down in one line until it ends", async () => {
  const context = watched();
  const ended = new AbortController();
  countDown(65_000, ended.signal, context).show(false);
  await context.pass(1_000);
  await context.pass(61_000);
  ended.abort();
  await context.pass(1_000);
  deepEqual(context.seen, [
    "",
    "^Waiting for sign-in: 1:05 left (Ctrl-C cancels)",
    "^Waiting for sign-in: 1:04 left (Ctrl-C cancels)",
    "^Waiting for sign-in: 0:03 left (Ctrl-C cancels)",
    "^",
  ]);
});
