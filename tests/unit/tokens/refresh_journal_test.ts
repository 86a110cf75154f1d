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

Deno.test("a refresh that was never finished is known by when it began, to whoever would spend the same token", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  const renewed = tokensOf(2, { refreshToken: new Secret("rt-1") });
  assert.equal(await interruptedRefresh(loginWith(renewed), lock), "2026-01-02T12:00:00.000Z");
});

Deno.test("a refresh of another token, or a finished one, is no interrupted one", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), undefined);
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  assert.equal(await interruptedRefresh(loginWith(tokensOf(2)), lock), undefined);
  await lock.write("");
  assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), undefined);
});

Deno.test("a lock file's text tells when the refresh that it is about began", async () => {
  const locks = new MemoryLocks();
  using lock = await locks.take("oidc:work");
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  assert.equal(notedSpending(locks.texts.get("oidc:work") ?? ""), "2026-01-02T12:00:00.000Z");
  await lock.write("");
  await noteOutage("It is down", lock, new FakeClock(noon));
  assert.equal(notedSpending(locks.texts.get("oidc:work") ?? ""), undefined);
});

Deno.test("the note does not hold the token", async () => {
  const locks = new MemoryLocks();
  using lock = await locks.take("oidc:work");
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  const text = locks.texts.get("oidc:work") ?? "";
  assert.match(text, /^[0-9a-f]{64} 2026-01-02T12:00:00\.000Z\n$/);
  assert.ok(!text.includes("rt-1"));
});

Deno.test("whatever else is left in the lock file is no interrupted refresh", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await fc.assert(fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
    await lock.write(text);
    assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), undefined);
  }));
});

Deno.test("an outage is known to who was there before it, and leaves the note of a spent token", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  await noteOutage("Cannot reach it", lock, new FakeClock(noon + 5000));
  assert.equal(await outageBetween(noon + 5000, noon + 9000, lock), "Cannot reach it");
  assert.equal(await outageBetween(noon + 5001, noon + 9000, lock), undefined);
  assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), "2026-01-02T12:00:00.000Z");
});

Deno.test("an outage by a clock that was wrong then holds up nobody until that time", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await noteOutage("Cannot reach it", lock, new FakeClock(noon + 5000));
  assert.equal(await outageBetween(noon, noon + 4999, lock), undefined);
});

Deno.test("an outage is noted where no token was being spent", async () => {
  using lock = await new MemoryLocks().take("oidc:work");
  await noteOutage("Cannot reach it", lock, new FakeClock(noon));
  assert.equal(await outageBetween(noon, noon, lock), "Cannot reach it");
  assert.equal(await interruptedRefresh(loginWith(tokensOf(1)), lock), undefined);
  await noteSpending(loginWith(tokensOf(1)), lock, new FakeClock(noon));
  assert.equal(await outageBetween(noon, noon, lock), undefined);
});
