import assert from "node:assert/strict";
import { examine, type ExamineNeeds, type Finding } from "../../../src/credentials/examine.ts";
import { Profiles } from "../../../src/credentials/profiles.ts";
import { FobError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { environmentOf } from "../../fakes/environment.ts";
import { MemoryLocks } from "../../fakes/memory_locks.ts";
import { MemoryStore } from "../../fakes/memory_store.ts";

interface Machine extends ExamineNeeds {
  readonly store: MemoryStore;
  readonly memoryLocks: MemoryLocks;
}

function machineWith(variables: Readonly<Record<string, string>> = {}): Machine {
  const store = new MemoryStore();
  const memoryLocks = new MemoryLocks();
  return {
    store,
    memoryLocks,
    version: "1.2.3",
    environment: environmentOf(variables),
    profiles: () => Promise.resolve(new Profiles("[work]\n[home]\n", "config.ini")),
    locks: () => memoryLocks,
    storage: () =>
      Promise.resolve({
        store,
        chosen: { mode: "secure", source: "default", explicit: false },
        holderOf: () => Promise.resolve(store),
        destination: () => Promise.resolve({ store }),
      }),
  };
}

function find(findings: readonly Finding[], what: string): Finding | undefined {
  return findings.find((it) => it.what === what);
}

Deno.test("a machine in order has nothing but good findings", async () => {
  const findings = await examine(machineWith());
  assert.deepEqual(findings.map(({ what, state }) => `${what} ${state}`), [
    "fob ok",
    "profiles ok",
    "storage mode ok",
    "store ok",
    "logins ok",
    "locks ok",
  ]);
  assert.equal(find(findings, "profiles")?.detail, '2 in "config.ini"');
  assert.equal(find(findings, "storage mode")?.detail, "secure (default)");
});

Deno.test("the store is written, read, and left as it was", async () => {
  const machine = machineWith();
  await machine.store.set("oidc:work", new Secret("kept"));
  await examine(machine);
  assert.equal(machine.store.writes, 2);
  assert.deepEqual(await machine.store.list(), ["oidc:work"]);
});

Deno.test("what overrides the settings is noted by name, without its value", async () => {
  const note = find(
    await examine(machineWith({ API_TOKEN: "hush", FOB_PROFILE: "work" })),
    "environment",
  );
  assert.deepEqual(note, {
    what: "environment",
    state: "note",
    detail: "set: API_TOKEN, FOB_PROFILE",
  });
});

Deno.test("one thing that is broken is found with its code, and the others are looked at all the same", async () => {
  const machine = machineWith();
  machine.store.failure = "store_locked";
  machine.memoryLocks.failure = "io_failed";
  const findings = await examine(machine);
  assert.deepEqual(
    ["profiles", "storage mode", "store", "logins", "locks"].map((what) =>
      find(findings, what)?.code
    ),
    [undefined, undefined, "store_locked", "store_locked", "io_failed"],
  );
});

Deno.test("profiles that cannot be read are found, and the store is tried all the same", async () => {
  const profiles = (): never => {
    throw new FobError("config_invalid", "Cannot read it");
  };
  const findings = await examine({ ...machineWith(), profiles });
  assert.equal(find(findings, "profiles")?.code, "config_invalid");
  assert.equal(find(findings, "store")?.state, "ok");
});

Deno.test("a login that no profile names is noted by its account", async () => {
  const machine = machineWith();
  for (const account of ["oidc:work", "oidc:gone"]) {
    await machine.store.set(account, new Secret("x"));
  }
  const logins = find(await examine(machine), "logins");
  assert.equal(logins?.state, "note");
  assert.match(logins?.detail ?? "", /oidc:gone/);
  assert.doesNotMatch(logins?.detail ?? "", /oidc:work/);
});

Deno.test("a store that forgets what it was given is broken", async () => {
  const machine = machineWith();
  machine.store.get = () => Promise.resolve(undefined);
  assert.equal(find(await examine(machine), "store")?.state, "fail");
});
