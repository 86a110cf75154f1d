import assert from "node:assert/strict";
import { WindowsError } from "../../../../ffi/advapi32.ts";
import type { ErrorCode } from "../../../../src/errors.ts";
import { Secret } from "../../../../src/secret.ts";
import { isAbsenceError, isAbsent } from "../../../../src/stores/absence.ts";
import {
  CredentialManagerStore,
  storeError,
} from "../../../../src/stores/windows/credential_manager.ts";
import { MemoryCredentials } from "../../../fakes/stores/memory_credentials.ts";

/** Status and meaning: winerror.h. */
const meanings: readonly [number, ErrorCode, string?][] = [
  [0, "store_failed"],
  [2, "store_failed"],
  [5, "store_denied"],
  [8, "store_failed"],
  [87, "store_failed"],
  [258, "store_timeout"],
  [1004, "store_failed"],
  [1053, "store_timeout"],
  [1168, "store_failed"],
  [1223, "store_cancelled"],
  [1312, "store_unavailable", "no-logon-session"],
  [1314, "store_denied"],
  [1460, "store_timeout"],
  [1722, "store_failed"],
  [1726, "store_failed"],
  [1783, "store_failed"],
  [2202, "store_failed"],
];

for (const [status, code, reason] of meanings) {
  Deno.test(`Windows status ${status} is ${reason ?? code}, with its number`, () => {
    const error = storeError(new WindowsError(status, "As translated"));
    assert.deepEqual([error.code, error.facts["reason"]], [code, reason]);
    assert.equal(error.message, `The Credential Manager returned error ${status}: As translated`);
  });
}

function storeThatAnswers(status: number): CredentialManagerStore {
  const set = new MemoryCredentials();
  set.failure = status;
  return new CredentialManagerStore({ open: () => set });
}

Deno.test("not found means a missing secret for get, list and delete, and an error for set", async () => {
  const store = storeThatAnswers(1168);
  assert.equal(await store.get("oidc:work"), undefined);
  assert.deepEqual(await store.list(), []);
  assert.equal(await store.delete("oidc:work"), false);
  await assert.rejects(store.set("oidc:work", new Secret("x")), { code: "store_failed" });
});

for (const [status, code] of meanings.filter(([status]) => status !== 1168)) {
  Deno.test(`Windows status ${status} is never a missing secret`, async () => {
    const store = storeThatAnswers(status);
    await assert.rejects(store.get("oidc:work"), { code });
    await assert.rejects(store.list(), { code });
    await assert.rejects(store.delete("oidc:work"), { code });
  });
}

Deno.test("a network logon proves that there is no Credential Manager, a denial does not", async () => {
  const [network, refused] = [storeThatAnswers(1312), storeThatAnswers(5)];
  assert.ok(isAbsent(await network.probe()));
  await assert.rejects(network.get("oidc:work"), isAbsenceError);
  assert.equal((await refused.probe()).state, "broken");
});

for (const persistence of [0, 1]) {
  Deno.test(`a session with the persistence ${persistence} has no keychain, also for writes`, async () => {
    const set = new MemoryCredentials();
    set.persistence = persistence;
    const store = new CredentialManagerStore({ open: () => set });
    assert.ok(isAbsent(await store.probe()));
    await assert.rejects(store.assertWritable("oidc:work"), isAbsenceError);
  });
}

Deno.test("Windows without the library has no keychain", async () => {
  const store = new CredentialManagerStore({
    open: () => {
      throw new Error("Could not open library");
    },
  });
  const found = await store.probe();
  assert.ok(isAbsent(found));
  assert.equal(found.reason, "no-library");
});

Deno.test("a secret that is not UTF-8 is corrupt, and can be replaced", async () => {
  const set = new MemoryCredentials();
  const blob = new Uint8Array([0x7b, 0, 0x80, 0]);
  set.write({ target: "fob:oidc:work", userName: "oidc:work", blob }, "");
  const store = new CredentialManagerStore({ open: () => set });
  await assert.rejects(store.get("oidc:work"), { code: "store_corrupt" });
  await store.assertWritable("oidc:work");
  await store.set("oidc:work", new Secret("new"));
  assert.equal((await store.get("oidc:work"))?.reveal(), "new");
});

Deno.test("parts that cannot be removed do not fail a write", async () => {
  const set = new MemoryCredentials();
  const store = new CredentialManagerStore({ open: () => set });
  await store.set("oidc:work", new Secret("old".repeat(2000)));
  set.enumerate = (): never => {
    throw new WindowsError(5, "Access is denied");
  };
  await store.set("oidc:work", new Secret("new"));
  assert.equal((await store.get("oidc:work"))?.reveal(), "new");
  await assert.rejects(store.delete("oidc:work"), { code: "store_denied" });
});
