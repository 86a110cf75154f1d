import assert from "node:assert/strict";
import type { Credential } from "../../../src/credentials/credential.ts";
import { writeCredential } from "../../../src/credentials/envelope.ts";
import {
  type Status,
  type StatusNeeds,
  statusOf,
  statusOfProfile,
} from "../../../src/credentials/status.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { loginWith, minute, noon, pasted, tokensOf, work } from "../../fakes/stores/credentials.ts";
import { LoggedStore } from "../../fakes/stores/logged_store.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";

interface Machine extends StatusNeeds {
  readonly log: string[];
  readonly store: LoggedStore;
}

async function machineWith(credential?: Credential, now = noon): Promise<Machine> {
  const log: string[] = [];
  const store = new LoggedStore(log);
  if (credential !== undefined) await writeCredential("oidc:work", credential, store);
  log.length = 0;
  const chosen = { mode: "secure", source: "default", explicit: false } as const;
  const storage = {
    store,
    chosen,
    locks: new MemoryLocks(),
    holderOf: () => Promise.resolve(store),
    destination: () => Promise.resolve({ store }),
  };
  return { log, store, storage, clock: new FakeClock(now), platforms: [] };
}

/** A machine with a credential that was stored in the file while the keychain was absent. */
async function machineWithFile(credential: Credential, keychain: MemoryStore): Promise<Machine> {
  const machine = await machineWith(credential);
  const file = Object.create(machine.store, {
    kind: { value: "plaintext-file" },
    location: { value: "/a/file" },
  });
  const storage = { ...machine.storage, keychain, holderOf: () => Promise.resolve(file) };
  return { ...machine, storage };
}

async function stateOf(credential?: Credential, now = noon): Promise<Status["state"]> {
  return (await statusOfProfile(work, await machineWith(credential, now))).state;
}

Deno.test("a status has the identity, host, expiry and store", async () => {
  const login = { ...loginWith(tokensOf(1)), host: "https://api.example", identity: "someone" };
  const status = await statusOfProfile({ ...work, host: login.host }, await machineWith(login));
  assert.deepEqual(status, {
    state: "signed-in",
    profile: "work",
    provider: "oidc",
    host: "https://api.example",
    issuer: "https://login.example",
    identity: "someone",
    store: "memory",
    expiresAt: noon + 60 * minute,
    refreshable: true,
  });
});

Deno.test("a login is expired only if no new token can be obtained", async () => {
  const { refreshToken: _none, ...once } = tokensOf(1);
  const { expiresAt: _never, ...endless } = once;
  const after = noon + 60 * minute;
  assert.equal(await stateOf(loginWith(tokensOf(1)), after), "signed-in");
  assert.equal(await stateOf(loginWith(once), after - 1), "signed-in");
  assert.equal(await stateOf(loginWith(once), after), "expired");
  assert.equal(await stateOf(loginWith(endless), after), "signed-in");
  assert.equal(await stateOf(pasted, after), "signed-in");
  assert.equal(await stateOf({ ...pasted, expiresAt: after }, after - 1), "signed-in");
  assert.equal(await stateOf({ ...pasted, expiresAt: after }, after), "expired");
  assert.equal(await stateOf(undefined), "not-signed-in");
});

Deno.test("a changed profile must be signed in again, and the status has the reason", async () => {
  const moved = { ...work, issuer: "https://other.example" };
  const { state, problem } = await statusOfProfile(
    moved,
    await machineWith(loginWith(tokensOf(1))),
  );
  assert.equal(state, "expired");
  assert.equal(problem?.code, "sign_in_again");
});

Deno.test("the state is unknown if the store cannot be read, and the status has the reason", async () => {
  for (
    const code of ["store_locked", "store_timeout", "store_corrupt", "store_unavailable"] as const
  ) {
    const machine = await machineWith(loginWith(tokensOf(1)));
    machine.store.failures.get = code;
    const { state, problem, profile } = await statusOfProfile(work, machine);
    assert.deepEqual([state, problem?.code, profile], ["unknown", code, "work"]);
  }
});

Deno.test("the status of a plaintext fallback has the place and the reason", async () => {
  const keychain = new MemoryStore();
  keychain.failure = "store_unavailable";
  const machine = await machineWithFile(pasted, keychain);
  const { store, plaintextReason } = await statusOfProfile(work, machine);
  assert.deepEqual([store, plaintextReason], ["/a/file", "No bus"]);
});

Deno.test("the status of a credential that is not moved yet says which command moves it", async () => {
  const machine = await machineWithFile(pasted, new MemoryStore());
  const { store, plaintextReason } = await statusOfProfile(work, machine);
  assert.equal(store, "/a/file");
  assert.equal(plaintextReason, "The next command moves it to the keychain");
});

Deno.test("a status changes nothing", async () => {
  const machine = await machineWith(loginWith(tokensOf(1)), noon + 120 * minute);
  await statusOfProfile(work, machine);
  assert.deepEqual(machine.log, ["get"]);
});

Deno.test("the status of an environment token does not use a store", async () => {
  const choice = { kind: "environment", source: "API_TOKEN", token: new Secret("t-1") } as const;
  const needs = { platforms: [], clock: new FakeClock(noon), storage: () => assert.fail() };
  assert.deepEqual(await statusOf({ ...choice, host: "https://env.example" }, needs), {
    state: "signed-in",
    source: "API_TOKEN",
    store: "the environment",
    host: "https://env.example",
  });
});

Deno.test("an environment token with an expiry is expired after it", async () => {
  const choice = { kind: "environment", source: "A_TOKEN", token: new Secret("t-1") } as const;
  const needs = { platforms: [], clock: new FakeClock(noon), storage: () => assert.fail() };
  for (const [expiresAt, state] of [[noon, "expired"], [noon + 1, "signed-in"]] as const) {
    const status = await statusOf({ ...choice, expiresAt }, needs);
    assert.deepEqual([status.state, status.expiresAt, status.refreshable], [
      state,
      expiresAt,
      false,
    ]);
  }
});

Deno.test("the status of a workload identity uses no store, secret or request", async () => {
  const needs = { platforms: [], clock: new FakeClock(noon), storage: () => assert.fail() };
  const host = "https://work.example";
  const target = { host, clientId: "robot", clientSecret: new Secret("hush") };
  const choice = { kind: "workload", source: "AN_ID", provider: "databricks", target } as const;
  assert.deepEqual(await statusOf(choice, needs), {
    state: "signed-in",
    source: "AN_ID",
    provider: "databricks",
    host,
    identity: "robot",
    refreshable: true,
    anew: true,
  });
});

Deno.test("the status of a choice has its source", async () => {
  const choice = { kind: "profile", source: "FOB_PROFILE", profile: work } as const;
  const machine = await machineWith(pasted);
  const status = await statusOf(choice, {
    ...machine,
    storage: () => Promise.resolve(machine.storage),
  });
  assert.deepEqual([status.source, status.profile], ["FOB_PROFILE", "work"]);
});

Deno.test("a status contains no secret", async () => {
  const machine = await machineWith(loginWith(tokensOf(1)));
  assert.doesNotMatch(Deno.inspect(await statusOfProfile(work, machine)), /at-1|rt-1/);
});
