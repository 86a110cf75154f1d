import assert from "node:assert/strict";
import { withinLimit } from "../../../src/stores/time_limit.ts";

/** Runs `work` with time limits that are over when they are told to be; each is known by its length. */
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

Deno.test("a call that answers in time gives its answer or its error, and nobody hears of it later", async () => {
  const failure = new Error("broken");
  await withTimeouts(async (timeouts) => {
    const waitOptions = { interactive: true, onWait: assert.fail };
    assert.equal(await withinLimit(Promise.resolve(1), "it", waitOptions), 1);
    await assert.rejects(withinLimit(Promise.reject(failure), "it", waitOptions), failure);
    assert.deepEqual([...timeouts.keys()].sort(), [1_000, 120_000]);
    for (const timeout of timeouts.values()) timeout.abort();
  });
});

Deno.test("a call without an answer is given up on after 5 s, or 120 s with a person there", async () => {
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

Deno.test("a person who is there is told after a second what is waited for", async () => {
  await withTimeouts(async (timeouts) => {
    const told: string[] = [];
    const { promise, resolve } = Promise.withResolvers<number>();
    const waitOptions = { interactive: true, onWait: (what: string): void => void told.push(what) };
    const waiting = withinLimit(promise, "the keyring", waitOptions);
    assert.deepEqual(told, []);
    timeouts.get(1_000)?.abort();
    assert.deepEqual(told, ["the keyring"]);
    resolve(1);
    assert.equal(await waiting, 1);
  });
});

Deno.test("nobody is told where nobody is there", async () => {
  await withTimeouts(async (timeouts) => {
    const waiting = withinLimit(never, "it", { interactive: false, onWait: assert.fail });
    assert.deepEqual([...timeouts.keys()], [5_000]);
    timeouts.get(5_000)?.abort();
    await assert.rejects(waiting);
  });
});

Deno.test("a call that fails after it was given up on disturbs nobody", async () => {
  await withTimeouts(async (timeouts) => {
    const { promise, reject } = Promise.withResolvers<void>();
    const waiting = withinLimit(promise, "it", { interactive: false, onWait: () => {} });
    timeouts.get(5_000)?.abort();
    await assert.rejects(waiting, { code: "store_timeout" });
    reject(new Error("late"));
  });
});
