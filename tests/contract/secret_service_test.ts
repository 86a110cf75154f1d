import assert from "node:assert/strict";
import { Secret } from "../../src/secret.ts";
import { type KeyringState, type Session, startSession } from "../rigs/keyring.ts";
import { denoDirectory, RemoteStore } from "../rigs/remote_store.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { type FailingStore, testSecretStore } from "./secret_store.ts";

const ignore = (await missingRigs()).includes("keyring");

/** A store and its session. Disposing it ends both. */
class StoreInSession extends RemoteStore {
  readonly session: Session;

  constructor(session: Session) {
    super(session.environment);
    this.session = session;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]();
    await this.session[Symbol.asyncDispose]();
  }
}

async function open(state: KeyringState): Promise<StoreInSession> {
  return new StoreInSession(await startSession(state));
}

const locked: FailingStore = {
  state: "locked",
  code: "store_locked",
  open: async ({ account, secret }) => {
    const store = await open("unlocked");
    await store.set(account, secret);
    await store.session.lock();
    return store;
  },
};

const frozen: FailingStore = {
  state: "frozen",
  code: "store_timeout",
  open: async ({ account, secret }) => {
    const store = await open("unlocked");
    await store.set(account, secret);
    store.session.freeze();
    return store;
  },
};

function absent(state: KeyringState): FailingStore {
  return { state, code: "store_unavailable", open: () => open(state) };
}

testSecretStore({
  name: "secret service",
  place: "gnome-keyring",
  ignore,
  open: () => open("unlocked"),
  reopen: (store) =>
    Promise.resolve(new RemoteStore((store as StoreInSession).session.environment)),
  failing: [locked, frozen, absent("no-bus"), absent("dead-socket"), absent("no-provider")],
});

Deno.test(
  { name: "secret service: probe distinguishes each broken session", ignore },
  async () => {
    const found: Record<string, unknown> = {};
    for (
      const state of [
        "no-bus",
        "dead-socket",
        "no-provider",
        "no-default-collection",
        "locked",
      ] as const
    ) {
      await using store = await open(state);
      const { detail: _text, ...facts } = await store.probe() as unknown as Record<string, unknown>;
      found[state] = facts;
    }
    assert.deepEqual(found, {
      "no-bus": { state: "unavailable", reason: "no-bus" },
      "dead-socket": { state: "unavailable", reason: "no-bus" },
      "no-provider": { state: "unavailable", reason: "no-provider" },
      "no-default-collection": { state: "unavailable", reason: "no-default-collection" },
      locked: { state: "locked" },
    });
  },
);

Deno.test({
  name:
    "secret service: without a default collection, get finds nothing and set is store_unavailable",
  ignore,
}, async () => {
  await using store = await open("no-default-collection");
  assert.equal(await store.get("oidc:work"), undefined);
  await assert.rejects(store.set("oidc:work", new Secret("x")), { code: "store_unavailable" });
});

Deno.test(
  { name: "secret service: a bus that stops later is an error, not a missing account", ignore },
  async () => {
    await using store = await open("unlocked");
    await store.set("oidc:work", new Secret("kept"));
    await store.session.killBus();
    await assert.rejects(
      store.get("oidc:work"),
      (error: Error & { code: string }) => error.code.startsWith("store_"),
    );
  },
);

Deno.test({ name: "secret service: secret-tool reads what fob stores", ignore }, async () => {
  await using store = await open("unlocked");
  await store.set("oidc:work", new Secret("kept"));
  const { stdout } = await new Deno.Command("secret-tool", {
    args: ["lookup", "service", "fob", "account", "oidc:work"],
    clearEnv: true,
    env: { ...store.session.environment },
  }).output();
  assert.equal(new TextDecoder().decode(stdout), "kept");
});

Deno.test({ name: "secret service: native memory is freed", ignore }, async () => {
  await using session = await startSession("unlocked");
  const growths: number[] = [];
  // 400 rounds that each leak one copy of the 64 KiB secret would add 26 MB.
  while (growths.length < 3 && !growths.some((it) => it < 13_000_000)) {
    growths.push(await growthIn(session));
  }
  assert.ok(Math.min(...growths) < 13_000_000, `grew by ${growths.join(", ")} bytes`);
});

async function growthIn({ environment }: Session): Promise<number> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "-A", "--v8-flags=--expose-gc", "tests/rigs/store_memory.ts"],
    clearEnv: true,
    env: { ...environment, DENO_DIR: denoDirectory() },
  }).output();
  const text = new TextDecoder().decode(stdout).trim();
  assert.ok(success && /^-?\d+$/.test(text), "the measuring program failed");
  return Number(text);
}

Deno.test(
  { name: "secret service: a keyring that is started on demand is found", ignore },
  async () => {
    await using store = await open("on-demand");
    const found = await store.probe() as unknown as Record<string, unknown>;
    assert.deepEqual([found["state"], found["reason"]], ["unavailable", "no-default-collection"]);
  },
);
