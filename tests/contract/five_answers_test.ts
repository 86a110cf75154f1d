import assert from "node:assert/strict";
import { FobError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { CredentialManagerStore } from "../../src/stores/windows/credential_manager.ts";
import { MemoryCredentials } from "../fakes/stores/memory_credentials.ts";
import { type Circumstances, type KeychainState, makeKeychain } from "../rigs/keychain.ts";
import { type KeyringState, startSession } from "../rigs/keyring.ts";
import { RemoteStore } from "../rigs/remote_store.ts";
import { missingRigs } from "../rigs/rigs.ts";

const account = "oidc:work";
const missing = await missingRigs();

/** A read in one of five situations, on its own store. */
type Read = () => Promise<Secret | undefined>;

interface System {
  readonly name: string;
  readonly ignore: boolean;
  /** Results that differ from {@link answers} on this system. */
  readonly own?: Partial<Record<keyof typeof answers, string>>;
  readonly reads: Readonly<Record<keyof typeof answers, Read>>;
}

/** The expected result in each situation. */
const answers = {
  missing: "not found",
  locked: "store_locked",
  denied: "store_denied",
  cancelled: "store_cancelled",
  "timed out": "store_timeout",
} as const;

/** A read in a session. With `change`, the keyring holds the account, and then changes state. */
function inSession(state: KeyringState, change?: "lock" | "freeze", ...args: string[]): Read {
  return async () => {
    await using session = await startSession(state);
    await using store = new RemoteStore(session.environment, ...args);
    if (change !== undefined) await store.set(account, new Secret("kept"));
    await (change === undefined ? undefined : session[change]());
    return await store.get(account);
  };
}

/** A read in a keychain that holds the account, unless it is empty. */
function inKeychain(state: KeychainState | "empty", circumstances: Circumstances = {}): Read {
  return async () => {
    await using keychain = await makeKeychain();
    if (state !== "empty") {
      await using store = keychain.open();
      await store.set(account, new Secret("kept"));
      await keychain.become(state);
    }
    await using store = keychain.open(circumstances);
    return await store.get(account);
  };
}

/** A read in a Credential Manager that fails with a status of Windows, winerror.h. */
function withStatus(status: number): Read {
  return async () => {
    const credentials = new MemoryCredentials();
    credentials.failure = status;
    return await new CredentialManagerStore({ open: () => credentials }).get(account);
  };
}

const systems: readonly System[] = [
  {
    name: "Secret Service",
    ignore: missing.includes("keyring"),
    reads: {
      missing: inSession("unlocked"),
      locked: inSession("unlocked", "lock"),
      denied: inSession("denied"),
      // Without a program that shows the daemon's dialog, it counts as dismissed.
      cancelled: inSession("unlocked", "lock", "--interactive"),
      "timed out": inSession("unlocked", "freeze"),
    },
  },
  {
    name: "macOS Keychain",
    ignore: missing.includes("keychain"),
    reads: {
      missing: inKeychain("empty"),
      locked: inKeychain("locked"),
      denied: inKeychain("unlocked", { build: "second" }),
      cancelled: inKeychain("locked", { person: "dismisses" }),
      "timed out": inKeychain("unlocked", { delay: "SecItemCopyMatching=60000" }),
    },
  },
  {
    name: "Windows Credential Manager",
    ignore: false,
    // It has no lock: a session has its credentials, or has none.
    own: { locked: "store_unavailable" },
    reads: {
      missing: withStatus(1168),
      locked: withStatus(1312),
      denied: withStatus(5),
      cancelled: withStatus(1223),
      "timed out": withStatus(1460),
    },
  },
];

for (const { name, ignore, own, reads } of systems) {
  Deno.test({
    name: `${name}: missing, locked, denied, cancelled and timed out give five results`,
    ignore,
  }, async () => {
    const found: Record<string, string> = {};
    for (const [situation, read] of Object.entries(reads)) found[situation] = await answerOf(read);
    assert.deepEqual(found, { ...answers, ...own });
  });
}

async function answerOf(read: Read): Promise<string> {
  try {
    return await read() === undefined ? answers.missing : "a secret";
  } catch (error) {
    if (error instanceof FobError) return error.code;
    throw error;
  }
}
