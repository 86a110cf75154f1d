import assert from "node:assert/strict";
import type { Credential } from "../../../src/credentials/credential.ts";
import { writeCredential } from "../../../src/credentials/envelope.ts";
import { logout, type LogoutNeeds } from "../../../src/credentials/logout.ts";
import type { Revocation } from "../../../src/oauth/revocation.ts";
import { Secret } from "../../../src/secret.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { loginWith, pasted, tokensOf, work } from "../../fakes/stores/credentials.ts";
import { LoggedStore } from "../../fakes/stores/logged_store.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";

const account = "oidc:work";

class Machine implements LogoutNeeds {
  readonly log: string[] = [];
  readonly store = new LoggedStore(this.log);
  readonly locks = new MemoryLocks(this.log);
  readonly notices: string[] = [];
  outcome: Revocation = { outcome: "revoked" };

  static async with(credential: Credential | undefined): Promise<Machine> {
    const machine = new Machine();
    if (credential !== undefined) await writeCredential(account, credential, machine.store);
    machine.log.length = 0;
    return machine;
  }

  readonly notice = (text: string): void => void this.notices.push(text);

  readonly revoke: LogoutNeeds["revoke"] = ({ tokens }) => {
    this.log.push(`revoke ${tokens.refreshToken?.reveal()}`);
    return Promise.resolve(this.outcome);
  };
}

Deno.test("a login is revoked, then deleted, under its lock", async () => {
  const machine = await Machine.with(loginWith(tokensOf(1)));
  assert.deepEqual(await logout(work, machine), {
    profile: work,
    removed: true,
    revocation: { outcome: "revoked" },
  });
  assert.deepEqual(machine.log, ["take", "get", "revoke rt-1", "delete", "release"]);
  assert.deepEqual(await machine.store.list(), []);
});

Deno.test("a login is also deleted if the server does not revoke it", async () => {
  for (
    const outcome of [{ outcome: "failed", reason: "No" }, { outcome: "unsupported" }] as const
  ) {
    const machine = await Machine.with(loginWith(tokensOf(1)));
    machine.outcome = outcome;
    assert.deepEqual((await logout(work, machine)).revocation, outcome);
    assert.deepEqual(await machine.store.list(), []);
  }
});

Deno.test("a pasted token is deleted without a revocation", async () => {
  const machine = await Machine.with(pasted);
  assert.deepEqual(await logout(work, machine), { profile: work, removed: true });
  assert.deepEqual(machine.log, ["take", "get", "delete", "release"]);
});

Deno.test("a token that fob created is revoked by its ID, then deleted", async () => {
  const machine = await Machine.with({ ...pasted, tokenId: "t-1" });
  const revokeToken: LogoutNeeds["revokeToken"] = ({ tokenId }) => {
    machine.log.push(`end ${tokenId}`);
    return Promise.resolve(machine.outcome);
  };
  const { revocation } = await logout(work, Object.assign(machine, { revokeToken }));
  assert.deepEqual(revocation, { outcome: "revoked" });
  assert.deepEqual(machine.log, ["take", "get", "end t-1", "delete", "release"]);
});

Deno.test("the copy of an interrupted move is deleted too, but not a different login", async () => {
  for (const [there, left] of [[pasted, []], [loginWith(tokensOf(2)), [account]]] as const) {
    const machine = await Machine.with(pasted);
    const other = new MemoryStore();
    await writeCredential(account, there, other);
    await logout(work, Object.assign(machine, { unused: () => Promise.resolve(other) }));
    assert.deepEqual([await machine.store.list(), await other.list()], [[], left]);
  }
});

Deno.test("a login is deleted with a notice if the other store cannot be read", async () => {
  const machine = await Machine.with(pasted);
  const other = new LoggedStore([]);
  other.failures.get = "store_locked";
  await logout(work, Object.assign(machine, { unused: () => Promise.resolve(other) }));
  assert.deepEqual(await machine.store.list(), []);
  const [said] = machine.notices;
  assert.equal(said, 'A copy of the login of "work" may remain: Memory: get says store_locked');
});

Deno.test("a sign-out without a login is reported, not an error", async () => {
  const machine = await Machine.with(undefined);
  assert.deepEqual(await logout(work, machine), { profile: work, removed: false });
});

Deno.test("the login of a changed profile is revoked at its own issuer", async () => {
  const machine = await Machine.with(loginWith(tokensOf(1)));
  const moved = { ...work, host: "https://other.example", issuer: "https://other.example" };
  assert.equal((await logout(moved, machine)).removed, true);
  assert.ok(machine.log.includes("revoke rt-1"));
});

Deno.test("an entry that cannot be decoded is deleted, and not reported as revoked", async () => {
  const machine = await Machine.with(undefined);
  await machine.store.set(account, new Secret('{"v":2}'));
  const { removed, revocation } = await logout(work, machine);
  assert.equal(removed, true);
  assert.equal(revocation?.outcome, "failed");
  assert.deepEqual(await machine.store.list(), []);
});

Deno.test("a store that cannot be read is an error, and nothing is revoked or deleted", async () => {
  for (const code of ["store_locked", "store_corrupt", "store_timeout"] as const) {
    const machine = await Machine.with(loginWith(tokensOf(1)));
    machine.store.failures.get = code;
    await assert.rejects(logout(work, machine), { code });
    assert.deepEqual(machine.log, ["take", "get", "release"]);
  }
});
