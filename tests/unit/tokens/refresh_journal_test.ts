import assert from "node:assert/strict";
import fc from "fast-check";
import { Secret } from "../../../src/secret.ts";
import {
  interruptedRefresh,
  notedSpending,
  noteOutage,
  noteSpending,
  outageBetween,
} from "../../../src/tokens/refresh_journal.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { loginWith, noon, tokensOf } from "../../fakes/stores/credentials.ts";

Deno.test("an interrupted refresh with the same token is found with its start time", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  const renewed = tokensOf(2, { refreshToken: new Secret("rt-1") });
  assert.equal(await interruptedRefresh(loginWith(renewed), lock), "2026-01-02T12:00:00.000Z");
});

Deno.test("a refresh with another token, or a finished one, is not interrupted", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), undefined);
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  assert.equal(await interruptedRefresh(loginWith(tokensOf(2)), lock), undefined);
  await lock.write("");
  assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), undefined);
});

Deno.test("the text of a lock file has the start time of its refresh", async () => {
  const locks = new MemoryLocks();
  using lock = await locks.take("oidc:work");
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  assert.equal(notedSpending(locks.texts.get("oidc:work") ?? ""), "2026-01-02T12:00:00.000Z");
  await lock.write("");
  await noteOutage("It is down", lock, new FakeClock(noon));
  assert.equal(notedSpending(locks.texts.get("oidc:work") ?? ""), undefined);
});

Deno.test("the note does not contain the token", async () => {
  const locks = new MemoryLocks();
  using lock = await locks.take("oidc:work");
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  const text = locks.texts.get("oidc:work") ?? "";
  assert.match(text, /^[0-9a-f]{64} 2026-01-02T12:00:00\.000Z\n$/);
  assert.ok(!text.includes("rt-1"));
});

Deno.test("other text in the lock file is not an interrupted refresh", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await fc.assert(fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
    await lock.write(text);
    assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), undefined);
  }));
});

Deno.test("an outage is reported to processes that started before it, and keeps the first line", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  await noteOutage("Cannot reach it", lock, new FakeClock(noon + 5000));
  assert.equal(await outageBetween(noon + 5000, noon + 9000, lock), "Cannot reach it");
  assert.equal(await outageBetween(noon + 5001, noon + 9000, lock), undefined);
  assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), "2026-01-02T12:00:00.000Z");
});

Deno.test("an outage that was noted with a wrong clock stops no later refresh", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await noteOutage("Cannot reach it", lock, new FakeClock(noon + 5000));
  assert.equal(await outageBetween(noon, noon + 4999, lock), undefined);
});

Deno.test("an outage can be noted without a refresh token", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await noteOutage("Cannot reach it", lock, new FakeClock(noon));
  assert.equal(await outageBetween(noon, noon, lock), "Cannot reach it");
  assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), undefined);
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  assert.equal(await outageBetween(noon, noon, lock), undefined);
});
