import assert from "node:assert/strict";
import { type ErrorCode, FobError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import type { SecretStore } from "../../src/stores/secret_store.ts";

/** A store in a state in which it cannot be used, with the expected error code. */
export interface FailingStore {
  readonly state: string;
  readonly code: ErrorCode;
  /** Opens the store with `kept` in it, then sets the state. */
  open(kept: { account: string; secret: Secret }): Promise<SecretStore & Partial<AsyncDisposable>>;
}

/** A store for the suite. */
export interface Subject {
  readonly name: string;
  /** The system that it runs on, if it is outside this process. */
  readonly place?: string;
  readonly ignore?: boolean;
  /** An empty store. */
  open(): Promise<SecretStore & Partial<AsyncDisposable>>;
  /** A second store object with the same content as `store`, like that of another process. */
  reopen(store: SecretStore): Promise<SecretStore & Partial<AsyncDisposable>>;
  readonly failing: readonly FailingStore[];
}

/** Time limit for an answer of any store without a prompt, in milliseconds. */
const answerLimit = 6_000;

/** Registers the tests that every store must pass. */
export function testSecretStore(subject: Subject): void {
  for (const [promise, check] of Object.entries(promises)) {
    test(subject, promise, async () => {
      const store = await subject.open();
      try {
        await check(store, subject);
      } finally {
        await store[Symbol.asyncDispose]?.();
      }
    });
  }
  for (const failing of subject.failing) testFailure(subject, failing);
}

function test(subject: Subject, promise: string, fn: () => Promise<void>): void {
  const place = subject.place === undefined ? "" : ` (${subject.place})`;
  Deno.test({ name: `${subject.name}${place}: ${promise}`, ignore: subject.ignore ?? false, fn });
}

type Check = (store: SecretStore, subject: Subject) => Promise<void>;

const promises: Readonly<Record<string, Check>> = {
  "get returns what set stored, also in another process": async (store, subject) => {
    await store.set("oidc:work", new Secret("first"));
    const other = await subject.reopen(store);
    assert.equal(await read(other, "oidc:work"), "first");
    await other[Symbol.asyncDispose]?.();
  },

  "a missing account is undefined, not an error": async (store) => {
    assert.equal(await read(store, "oidc:missing"), undefined);
    assert.deepEqual(await store.list(), []);
  },

  "a second set replaces the first entry": async (store) => {
    await store.set("oidc:work", new Secret("first"));
    await store.set("oidc:work", new Secret("second"));
    assert.equal(await read(store, "oidc:work"), "second");
    assert.deepEqual(await store.list(), ["oidc:work"]);
  },

  "delete removes only its account, and returns whether it existed": async (store) => {
    await store.set("oidc:a", new Secret("1"));
    await store.set("oidc:b", new Secret("2"));
    assert.equal(await store.delete("oidc:a"), true);
    assert.equal(await store.delete("oidc:a"), false);
    assert.equal(await read(store, "oidc:a"), undefined);
    assert.equal(await read(store, "oidc:b"), "2");
  },

  "list returns every account, sorted": async (store) => {
    for (const account of ["token:c", "oidc:a", "oidc:b"]) {
      await store.set(account, new Secret("x"));
    }
    assert.deepEqual(await store.list(), ["oidc:a", "oidc:b", "token:c"]);
  },

  "Unicode and special characters are preserved, also in accounts": async (store) => {
    const text = "z\u00fcrich \u{1f511} \u0001\t\"\\' \ufeff\u2028 end";
    await store.set("oidc:z\u00fcrich \u{1f511}", new Secret(text));
    assert.equal(await read(store, "oidc:z\u00fcrich \u{1f511}"), text);
    assert.deepEqual(await store.list(), ["oidc:z\u00fcrich \u{1f511}"]);
  },

  "64 KiB are preserved": async (store) => {
    const text = "0123456789abcdef".repeat(4096);
    await store.set("oidc:large", new Secret(text));
    assert.equal(await read(store, "oidc:large"), text);
  },

  "an empty secret is a secret": async (store) => {
    await store.set("oidc:empty", new Secret(""));
    assert.equal(await read(store, "oidc:empty"), "");
    assert.equal(await store.delete("oidc:empty"), true);
  },

  "concurrent writers of different accounts lose no entry": async (store, subject) => {
    const others = await Promise.all(Array.from({ length: 4 }, () => subject.reopen(store)));
    const accounts = Array.from({ length: 20 }, (_, i) => `oidc:${String(i).padStart(2, "0")}`);
    const writes = accounts.map((account, i) => {
      const writer = others[i % others.length] ?? store;
      return writer.set(account, new Secret(`secret of ${account}`));
    });
    await Promise.all(writes);
    assert.deepEqual(await store.list(), accounts);
    for (const account of accounts) {
      assert.equal(await read(store, account), `secret of ${account}`);
    }
    for (const other of others) await other[Symbol.asyncDispose]?.();
  },

  "a working store is ready and writable": async (store) => {
    await store.set("oidc:work", new Secret("kept"));
    assert.deepEqual(await store.probe(), { state: "ready" });
    await store.assertWritable("oidc:work");
    await store.assertWritable("oidc:new");
    assert.equal(await read(store, "oidc:work"), "kept");
    assert.deepEqual(await store.list(), ["oidc:work"]);
  },
};

function testFailure(subject: Subject, failing: FailingStore): void {
  const kept = { account: "oidc:work", secret: new Secret("kept") };
  const calls: Record<string, (store: SecretStore) => Promise<unknown>> = {
    get: (store) => store.get(kept.account),
    set: (store) => store.set("oidc:other", new Secret("new")),
    delete: (store) => store.delete(kept.account),
    assertWritable: (store) => store.assertWritable(kept.account),
  };
  test(subject, `${failing.state}, probe is not ready`, async () => {
    const store = await failing.open(kept);
    assert.notEqual((await store.probe()).state, "ready");
    await store[Symbol.asyncDispose]?.();
  });
  for (const [method, call] of Object.entries(calls)) {
    test(subject, `${failing.state}, ${method} throws ${failing.code} in time`, async () => {
      const store = await failing.open(kept);
      try {
        const start = performance.now();
        await assert.rejects(call(store), (error) => {
          assert.ok(error instanceof FobError, String(error));
          assert.equal(error.code, failing.code, error.message);
          return true;
        });
        assert.ok(performance.now() - start < answerLimit, "no answer in time");
      } finally {
        await store[Symbol.asyncDispose]?.();
      }
    });
  }
}

async function read(store: SecretStore, account: string): Promise<string | undefined> {
  return (await store.get(account))?.reveal();
}
