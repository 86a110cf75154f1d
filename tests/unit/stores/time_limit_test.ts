import assert from "node:assert/strict";
import { withinLimit } from "../../../src/stores/time_limit.ts";

/** Runs `work` with fake time limits that the test ends. Each is identified by its duration. */
async function withTimeouts(
  work: (timeouts: ReadonlyMap<number, AbortController>) => Promise<void>,
): Promise<void> {
  const { timeout } = AbortSignal;
  const timeouts = new Map<number, AbortController>();
  AbortSignal.timeout = (milliseconds): AbortSignal => {
    const controller = new AbortController();
    timeouts.set(milliseconds, controller);
    return controller.signal;
  };
  try {
    await work(timeouts);
  } finally {
    AbortSignal.timeout = timeout;
  }
}

const never = new Promise<never>(() => {});

Deno.test("a call that returns in time gives its result or its error, without a notice", async () => {
  const failure = new Error("broken");
  await withTimeouts(async (timeouts) => {
    const waitOptions = { interactive: true, onWait: assert.fail };
    assert.equal(await withinLimit(Promise.resolve(1), "it", waitOptions), 1);
    await assert.rejects(withinLimit(Promise.reject(failure), "it", waitOptions), failure);
    assert.deepEqual([...timeouts.keys()].sort(), [1_000, 120_000]);
    for (const timeout of timeouts.values()) timeout.abort();
  });
});

Deno.test("a call times out after 5 s, or after 120 s if prompts are allowed", async () => {
  for (const [interactive, seconds] of [[false, 5], [true, 120]] as const) {
    await withTimeouts(async (timeouts) => {
      const waiting = withinLimit(never, "the keyring", { interactive, onWait: () => {} });
      timeouts.get(seconds * 1_000)?.abort();
      await assert.rejects(waiting, {
        code: "store_timeout",
        message: `Timed out after ${seconds} s waiting for the keyring`,
      });
    });
  }
});

Deno.test("an interactive call prints a notice after a second", async () => {
  await withTimeouts(async (timeouts) => {
    const notices: string[] = [];
    const { promise, resolve } = Promise.withResolvers<number>();
    const waitOptions = {
      interactive: true,
      onWait: (what: string): void => void notices.push(what),
    };
    const waiting = withinLimit(promise, "the keyring", waitOptions);
    assert.deepEqual(notices, []);
    timeouts.get(1_000)?.abort();
    assert.deepEqual(notices, ["the keyring"]);
    resolve(1);
    assert.equal(await waiting, 1);
  });
});

Deno.test("a call without prompts prints no notice", async () => {
  await withTimeouts(async (timeouts) => {
    const waiting = withinLimit(never, "it", { interactive: false, onWait: assert.fail });
    assert.deepEqual([...timeouts.keys()], [5_000]);
    timeouts.get(5_000)?.abort();
    await assert.rejects(waiting);
  });
});

Deno.test("a call that fails after its timeout has no effect", async () => {
  await withTimeouts(async (timeouts) => {
    const { promise, reject } = Promise.withResolvers<void>();
    const waiting = withinLimit(promise, "it", { interactive: false, onWait: () => {} });
    timeouts.get(5_000)?.abort();
    await assert.rejects(waiting, { code: "store_timeout" });
    reject(new Error("late"));
  });
});
