import assert from "node:assert/strict";
import { readCredential, writeCredential } from "../../../src/credentials/envelope.ts";
import {
  login,
  loginAsClient,
  type LoginNeeds,
  loginWithToken,
} from "../../../src/credentials/login.ts";
import { type ErrorCode, FobError } from "../../../src/errors.ts";
import type { SignInPrompts } from "../../../src/oauth/grants/sign_in_prompts.ts";
import type { Authorization } from "../../../src/oauth/token_set.ts";
import type { OAuthProvider } from "../../../src/providers/provider.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";
import {
  loginWith,
  noon,
  pasted,
  revealed,
  tokensOf,
  work,
} from "../../fakes/stores/credentials.ts";
import { LoggedStore } from "../../fakes/stores/logged_store.ts";

const account = "oidc:work";
const profile = { ...work, host: "https://api.example", clientId: "fob" };
const minutes = 60_000;

type SignIn = OAuthProvider["signIn"];

/** A machine, and the person `signIn` who signs in on it. */
class Machine implements LoginNeeds {
  readonly log: string[] = [];
  readonly store = new LoggedStore(this.log);
  readonly locks = new MemoryLocks(this.log);
  readonly clock = new FakeClock(noon);
  readonly profileFile = new MemoryUserFile("; mine\n");
  readonly prompts = {} as SignInPrompts;
  readonly uninterrupted = <T>(work: () => Promise<T>): Promise<T> => work();
  readonly provider: OAuthProvider;

  constructor(signIn: SignIn = signsIn) {
    this.provider = {
      id: "oidc",
      signIn: (...args) => {
        this.log.push("signIn");
        return signIn(...args);
      },
      find: () => assert.fail(),
      signInWorkload: () => assert.fail(),
      signInWithPassword: () => assert.fail(),
      signInClient: (target) => {
        this.log.push("signInClient");
        return Promise.resolve({ ...granted, clientSecret: target.clientSecret! });
      },
      authenticate: () => assert.fail(),
      refresh: () => assert.fail(),
      revoke: ({ tokens }) => {
        this.log.push(`revoke ${tokens.refreshToken?.reveal()}`);
        return Promise.resolve({ outcome: "revoked" });
      },
    };
  }

  async kept(): Promise<unknown> {
    return revealed(await readCredential(account, this.store));
  }
}

const granted: Authorization = {
  issuer: "https://login.example",
  clientId: "fob",
  identity: "someone@example.com",
  tokens: tokensOf(1),
};

const signsIn: SignIn = async (_target, _way, _agent, keep) => {
  await keep(granted);
  return granted;
};

function failsWith(code: ErrorCode): SignIn {
  return () => Promise.reject(new FobError(code, "No"));
}

function bringToken(): Promise<Secret> {
  return Promise.resolve(new Secret("pat-1"));
}

/** Prompts for a person who does not react. */
const waits: SignIn = (_target, _way, _agent, _keep, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

Deno.test("a sign-in stores the profile, and the credential with its host", async () => {
  const machine = new Machine();
  const done = await login(profile, "browser", 5 * minutes, machine);
  assert.deepEqual(done, { profile, identity: "someone@example.com" });
  assert.deepEqual(
    await machine.kept(),
    revealed({ kind: "oauth", host: profile.host, ...granted }),
  );
  assert.match(machine.profileFile.text, /^; mine\n\n?\[work\]\n/);
  assert.match(machine.profileFile.text, /host = https:\/\/api\.example\n/);
});

Deno.test("the store is checked before the person is prompted", async () => {
  const machine = new Machine();
  machine.store.failures.assertWritable = "store_locked";
  await assert.rejects(login(profile, "browser", minutes, machine), { code: "store_locked" });
  await assert.rejects(loginWithToken(profile, assert.fail, machine), { code: "store_locked" });
  assert.deepEqual(machine.log, ["assertWritable", "assertWritable"]);
});

Deno.test("the lock is held while the login is stored, not during the sign-in", async () => {
  const machine = new Machine();
  await login(profile, "browser", minutes, machine);
  assert.deepEqual(machine.log, ["assertWritable", "signIn", "take", "set", "release"]);
});

Deno.test("the provider gets the profile and the sign-in method", async () => {
  const machine: Machine = new Machine((target, way, prompts, keep, signal) => {
    assert.deepEqual([target, way], [profile, "device"]);
    assert.equal(prompts, machine.prompts);
    return signsIn(target, way, prompts, keep, signal);
  });
  await login(profile, "device", minutes, machine);
  assert.ok(machine.log.includes("set"));
});

Deno.test("an invalid profile name is rejected before a prompt", async () => {
  const machine = new Machine();
  const wrong = { ...profile, name: "a b" };
  await assert.rejects(login(wrong, "browser", minutes, machine), { code: "usage" });
  await assert.rejects(loginWithToken(wrong, bringToken, machine), { code: "usage" });
  assert.deepEqual(machine.log, []);
});

Deno.test("a failed sign-in leaves the old login and the profile unchanged", async () => {
  const machine = new Machine(failsWith("provider_refused"));
  await writeCredential(account, loginWith(tokensOf(0)), machine.store);
  await assert.rejects(login(profile, "browser", minutes, machine), { code: "provider_refused" });
  assert.deepEqual(await machine.kept(), revealed(loginWith(tokensOf(0))));
  assert.equal(machine.profileFile.writes, 0);
});

Deno.test("a credential that cannot be stored leaves the old login, and no new profile", async () => {
  const machine = new Machine();
  await writeCredential(account, loginWith(tokensOf(0)), machine.store);
  machine.store.failures.set = "store_denied";
  await assert.rejects(login(profile, "browser", minutes, machine), { code: "store_denied" });
  assert.equal(machine.profileFile.text, "; mine\n");
  delete machine.store.failures.set;
  assert.deepEqual(await machine.kept(), revealed(loginWith(tokensOf(0))));
});

Deno.test("a login that cannot be stored is revoked", async () => {
  const machine = new Machine();
  machine.store.failures.set = "store_denied";
  await assert.rejects(login(profile, "browser", minutes, machine), { code: "store_denied" });
  assert.deepEqual(machine.log.slice(-3), ["set", "release", "revoke rt-1"]);
});

Deno.test("a login that is or may be stored is not revoked after an error", async () => {
  const stopped = async <T>(work: () => Promise<T>): Promise<T> => {
    await work();
    throw new FobError("interrupted", "Stopped by SIGINT");
  };
  const [interrupted, slow] = [new Machine(), new Machine()];
  slow.store.failures.set = "store_timeout";
  await assert.rejects(login(profile, "browser", minutes, slow), { code: "store_timeout" });
  const needs = { ...interrupted, uninterrupted: stopped };
  await assert.rejects(login(profile, "browser", minutes, needs), { code: "interrupted" });
  for (const { log } of [slow, interrupted]) assert.ok(!log.includes("revoke rt-1"), log.join());
});

Deno.test("after a write that timed out, the profile stays", async () => {
  const machine = new Machine();
  machine.store.failures.set = "store_timeout";
  await assert.rejects(login(profile, "browser", minutes, machine), { code: "store_timeout" });
  assert.match(machine.profileFile.text, /\[work\]/);
});

Deno.test("no credential is stored if the profile cannot be written", async () => {
  const machine = new Machine();
  const wrong = { ...profile, clientId: "a ;b" };
  await assert.rejects(login(wrong, "browser", minutes, machine), { code: "config_invalid" });
  assert.equal(await machine.kept(), undefined);
});

Deno.test("a sign-in that times out stores nothing", async () => {
  const machine = new Machine(waits);
  await assert.rejects(login(profile, "browser", 20, machine), {
    code: "sign_in_timeout",
    message: "The sign-in timed out after 0 s",
  });
  assert.equal(machine.profileFile.writes, 0);
});

Deno.test("a timeout that is too long for a timer does not end at once", async () => {
  const machine = new Machine(async (target, way, prompts, keep, signal) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    signal.throwIfAborted();
    return await signsIn(target, way, prompts, keep, signal);
  });
  await login(profile, "browser", 30 * 24 * 60 * minutes, machine);
  assert.ok(machine.log.includes("set"));
});

Deno.test("a pasted token is stored with its host, and replaces the old login", async () => {
  const machine = new Machine();
  await writeCredential(account, loginWith(tokensOf(0)), machine.store);
  machine.log.length = 0;
  assert.deepEqual(await loginWithToken(profile, bringToken, machine), { profile });
  assert.deepEqual(machine.log, ["assertWritable", "take", "set", "release"]);
  assert.deepEqual(await machine.kept(), revealed({ ...pasted, host: profile.host }));
});

Deno.test("a client secret is prompted for after the checks, and stored after the server accepts it", async () => {
  const machine = new Machine();
  const bringSecret = (): Promise<Secret> => {
    machine.log.push("read");
    return Promise.resolve(new Secret("s-1"));
  };
  assert.equal((await loginAsClient(profile, bringSecret, machine)).identity, "fob");
  const order = ["assertWritable", "read", "signInClient", "take", "set", "release"];
  assert.deepEqual(machine.log, order);
  const kept = revealed({ ...granted, clientSecret: "s-1", kind: "client", host: profile.host });
  assert.deepEqual(await machine.kept(), kept);
});

Deno.test("an interrupt waits until the login is stored", async () => {
  const machine = new Machine();
  const uninterrupted = async <T>(work: () => Promise<T>): Promise<T> => {
    machine.log.push("begin");
    const result = await work();
    machine.log.push("end");
    return result;
  };
  const needs = { ...machine, uninterrupted };
  await login(profile, "browser", minutes, needs);
  const [begin, set, end] = ["begin", "set", "end"].map((it) => machine.log.indexOf(it));
  assert.ok(begin! < set! && set! < end!, machine.log.join());
});
