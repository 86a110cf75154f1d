import assert from "node:assert/strict";
import { writeCredential } from "../../../src/credentials/envelope.ts";
import { checkLocks, type LockNeeds } from "../../../src/doctor/locks.ts";
import { noteSpending } from "../../../src/tokens/refresh_journal.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { MemoryMachine } from "../../fakes/machine/memory_machine.ts";
import { loginWith, noon, tokensOf } from "../../fakes/stores/credentials.ts";
import { MemoryStores } from "../../fakes/stores/memory_stores.ts";

interface Home extends LockNeeds {
  readonly machine: MemoryMachine;
  readonly memory: MemoryStores;
  readonly memoryLocks: MemoryLocks;
}

function home(): Home {
  const [memory, memoryLocks] = [new MemoryStores(), new MemoryLocks()];
  return {
    memory,
    memoryLocks,
    machine: new MemoryMachine(),
    directories: () => ({ config: "/c", state: "/s" }),
    locks: () => memoryLocks,
    stores: () => Promise.resolve(memory),
  };
}

/** A home directory after a process was killed while it used the refresh token of `turn`. */
async function cutOff(turn: number): Promise<Home> {
  const needs = home();
  const name = "oidc:work";
  const lock = await needs.memoryLocks.take(name);
  await noteSpending(loginWith(tokensOf(turn)), lock, new FakeClock(noon));
  lock[Symbol.dispose]();
  const text = needs.memoryLocks.texts.get(name) ?? "";
  needs.machine.locks.set("/s/locks", [{ path: "/s/locks/w", name, isHeld: false, text }]);
  await writeCredential(name, loginWith(tokensOf(1)), needs.memory.keychain);
  return needs;
}

async function said(needs: Home): Promise<string[]> {
  return (await checkLocks(needs)).map(({ id, state, code }) => `${id} ${state} ${code ?? ""}`);
}

Deno.test("free locks without a note are ok", async () => {
  assert.deepEqual(await said(home()), ["locks ok ", "refreshes ok "]);
});

Deno.test("a lock that cannot be taken fails with its error code", async () => {
  const needs = home();
  needs.memoryLocks.failure = "io_failed";
  assert.deepEqual(await said(needs), ["locks fail io_failed", "refreshes ok "]);
});

Deno.test("a held lock is a warning", async () => {
  const needs = home();
  const held = { path: "/s/locks/w.lock", name: "oidc:work", isHeld: true, text: "" };
  needs.machine.locks.set("/s/locks", [held]);
  const [check] = await checkLocks(needs);
  assert.deepEqual([check?.state, check?.code], ["warn", "lock_held"]);
  assert.equal(check?.detail, 'Held by another process: "oidc:work"');
  assert.deepEqual(check?.facts, { path: held.path });
});

Deno.test("an interrupted refresh is reported with its profile and its time", async () => {
  const [, check] = await checkLocks(await cutOff(1));
  assert.equal(check?.code, "refresh_interrupted");
  assert.match(check?.detail ?? "", /"work" since 2026-01-02T12:00:00\.000Z$/);
  assert.deepEqual(check?.facts, { profile: "work" });
});

Deno.test("an interrupted refresh of a replaced token is ignored", async () => {
  assert.deepEqual(await said(await cutOff(2)), ["locks ok ", "refreshes ok "]);
});

Deno.test("an interrupted refresh is reported also if the login cannot be read", async () => {
  const needs = await cutOff(2);
  needs.memory.keychain.failure = "store_locked";
  assert.deepEqual(await said(needs), ["locks ok ", "refreshes warn refresh_interrupted"]);
});

Deno.test("a broken keychain is not read for every note", async () => {
  const needs = await cutOff(2);
  needs.memory.keychain.failure = "store_timeout";
  needs.memory.keychain.get = () => assert.fail();
  assert.deepEqual(await said(needs), ["locks ok ", "refreshes warn refresh_interrupted"]);
});

Deno.test("no lock is taken if that would change a mode", async () => {
  const needs = home();
  needs.machine.put("/s/locks", "directory", { mode: 0o755 });
  assert.deepEqual(await said(needs), ["locks warn not_tried", "refreshes ok "]);
});
