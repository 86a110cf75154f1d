import assert from "node:assert/strict";
import { FobError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { PlaintextFileStore } from "../../src/stores/plaintext_file.ts";
import { systemClock } from "../../src/system/clock.ts";
import { lockFile } from "../../src/system/files/file_lock.ts";
import { type FailingStore, testSecretStore } from "./secret_store.ts";

/** A store in its own directory, with its notices. */
class StoreInDirectory extends PlaintextFileStore implements AsyncDisposable {
  readonly notices: string[];
  #held: Disposable | undefined;

  constructor(directory: string, notices: string[] = []) {
    super({
      path: `${directory}/fob/credentials.json`,
      clock: systemClock(),
      notice: (text) => void notices.push(text),
    });
    this.notices = notices;
  }

  get directory(): string {
    return this.location.replace("/fob/credentials.json", "");
  }

  /** Holds the lock of the writers, like another process. */
  async holdLock(): Promise<void> {
    this.#held = await lockFile(`${this.location}.lock`, 0, systemClock());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#held?.[Symbol.dispose]();
    await Deno.remove(this.directory, { recursive: true });
  }
}

async function open(): Promise<StoreInDirectory> {
  return new StoreInDirectory(await Deno.makeTempDir({ prefix: "fob-file-" }));
}

function damagedBy(state: string, text: string): FailingStore {
  return {
    state,
    code: "store_corrupt",
    open: async ({ account, secret }) => {
      const store = await open();
      await store.set(account, secret);
      await Deno.writeTextFile(store.location, text);
      return store;
    },
  };
}

const unreadable: FailingStore = {
  state: "a directory in the file's place",
  code: "store_corrupt",
  open: async () => {
    const store = await open();
    await Deno.mkdir(store.location, { recursive: true, mode: 0o700 });
    return store;
  },
};

testSecretStore({
  name: "plaintext file",
  open,
  reopen: (store) =>
    Promise.resolve(
      new PlaintextFileStore({ path: store.location, clock: systemClock(), notice: () => {} }),
    ),
  failing: [damagedBy("of a newer version", '{"version":2,"credentials":{}}'), unreadable],
});

Deno.test("plaintext file: a writer throws store_timeout while another holds the lock, and a reader does not wait", async () => {
  await using store = await open();
  await store.set("oidc:work", new Secret("kept"));
  await store.holdLock();
  assert.equal((await store.get("oidc:work"))?.reveal(), "kept");
  await assert.rejects(store.set("oidc:other", new Secret("new")), { code: "store_timeout" });
});

Deno.test("plaintext file: the modes are 0600 and 0700 under any umask, and no other file remains", async () => {
  await using store = await open();
  const umask = Deno.umask(0o000);
  try {
    await store.set("oidc:work", new Secret("kept"));
  } finally {
    Deno.umask(umask);
  }
  assert.equal((await Deno.stat(store.location)).mode! & 0o777, 0o600);
  assert.equal((await Deno.stat(`${store.directory}/fob`)).mode! & 0o777, 0o700);
  const names = await Array.fromAsync(
    Deno.readDir(`${store.directory}/fob`),
    (entry) => entry.name,
  );
  assert.deepEqual(names.sort(), ["credentials.json", "credentials.json.lock"]);
});

Deno.test("plaintext file: wider modes are tightened with a notice", async () => {
  await using store = await open();
  await store.set("oidc:work", new Secret("kept"));
  await Deno.chmod(store.location, 0o644);
  await Deno.chmod(`${store.directory}/fob`, 0o755);
  assert.equal((await store.get("oidc:work"))?.reveal(), "kept");
  assert.equal((await Deno.stat(store.location)).mode! & 0o777, 0o600);
  assert.equal((await Deno.stat(`${store.directory}/fob`)).mode! & 0o777, 0o700);
  assert.equal(store.notices.length, 2);
});

for (
  const [what, text] of [["truncated", '{"version":1,"creden'], ["empty", ""], ["null", "null"], [
    "a list",
    "[]",
  ]] as const
) {
  Deno.test(`plaintext file: ${what}, it is an error for a reader, and a writer keeps it aside`, async () => {
    await using store = await open();
    await store.set("oidc:work", new Secret("kept"));
    await Deno.writeTextFile(store.location, text);
    await assert.rejects(store.get("oidc:work"), { code: "store_corrupt" });
    await assert.rejects(store.delete("oidc:work"), { code: "store_corrupt" });
    await store.set("oidc:new", new Secret("new"));
    assert.deepEqual(await store.list(), ["oidc:new"]);
    const names = await Array.fromAsync(
      Deno.readDir(`${store.directory}/fob`),
      (entry) => entry.name,
    );
    const aside = names.find((name) => name.startsWith("credentials.json.corrupt-"));
    assert.equal(await Deno.readTextFile(`${store.directory}/fob/${aside}`), text);
    assert.match(store.notices.join("\n"), /was corrupt and has been moved to/);
  });
}

Deno.test("plaintext file: a newer version is never replaced, and the error names it", async () => {
  await using store = await open();
  await store.set("oidc:work", new Secret("kept"));
  const newer = '{"version":7,"credentials":{"oidc:work":{"sealed":true}}}';
  await Deno.writeTextFile(store.location, newer);
  await assert.rejects(
    store.set("oidc:work", new Secret("old")),
    (error) => error instanceof FobError && /its version is 7\b/.test(error.message),
  );
  assert.equal(await Deno.readTextFile(store.location), newer);
});

Deno.test("plaintext file: unknown fields in the file are kept", async () => {
  await using store = await open();
  await store.set("oidc:work", new Secret("kept"));
  const content = JSON.parse(await Deno.readTextFile(store.location));
  await Deno.writeTextFile(store.location, JSON.stringify({ ...content, note: "mine" }));
  await store.set("oidc:other", new Secret("x"));
  assert.equal(JSON.parse(await Deno.readTextFile(store.location)).note, "mine");
});

Deno.test("plaintext file: a symbolic link in place of its directory is refused, and its target is unchanged", async () => {
  await using store = await open();
  const target = `${store.directory}/elsewhere`;
  await Deno.mkdir(target);
  await Deno.symlink(target, `${store.directory}/fob`);
  await assert.rejects(store.set("oidc:work", new Secret("x")), { code: "io_failed" });
  await assert.rejects(store.get("oidc:work"), { code: "io_failed" });
  assert.deepEqual(await Array.fromAsync(Deno.readDir(target)), []);
});

Deno.test("plaintext file: deleting the last entry removes the file", async () => {
  await using store = await open();
  await store.set("oidc:work", new Secret("kept"));
  assert.equal(await store.delete("oidc:work"), true);
  await assert.rejects(Deno.stat(store.location), Deno.errors.NotFound);
});
