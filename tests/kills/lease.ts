import assert from "node:assert/strict";
import { PlaintextFileStore } from "../../src/stores/plaintext_file.ts";
import type { SecretStore } from "../../src/stores/secret_store.ts";
import { systemClock } from "../../src/system/clock.ts";
import { type LeaseHome, openLeaseHome } from "../interop/exec/lease_home.ts";
import { ended, type StoreName } from "../interop/login/login_home.ts";
import { type Session, startSession } from "../rigs/keyring.ts";
import { RemoteStore } from "../rigs/remote_store.ts";
import {
  type Arena,
  type ArenaHome,
  type Attempt,
  bothStores,
  type Campaign,
  LostLogin,
} from "./campaign.ts";
import type { Finish } from "./campaign.ts";
import {
  assertNothingLeft,
  assertPrivate,
  assertSecretsOnlyIn,
  letAnHourPass,
  plaintextFile,
  textOf,
} from "./files.ts";

const words = ["exec", "work", "--lease", "15m", "--", "true"];
const account = "databricks:work";

export const lease: Campaign = { name: "lease", stores: bothStores, needs: [], open };

async function open(storeName: StoreName): Promise<Arena> {
  await using cleanups = new AsyncDisposableStack();
  const session = storeName === "plaintext file"
    ? undefined
    : cleanups.use(await startSession("unlocked"));
  const home = cleanups.use(await openLeaseHome(session?.environment));
  const store = session === undefined
    ? new PlaintextFileStore({
      path: `${home.path}/.local/state/fob/credentials.json`,
      clock: systemClock(),
      notice: () => {},
    })
    : cleanups.use(new RemoteStore(session.environment));
  const kept = (await store.get(account))?.reveal() ?? "";
  const profiles = await textOf(configFile(home));
  return new LeaseArena({ storeName, home, session, store, kept, profiles }, cleanups.move());
}

function configFile(home: LeaseHome): string {
  return `${home.path}/.config/fob/config.ini`;
}

interface LeaseParts {
  readonly storeName: StoreName;
  readonly home: LeaseHome;
  readonly session: Session | undefined;
  readonly store: SecretStore;
  /** The stored login, which must not change. */
  readonly kept: string;
  readonly profiles: string | undefined;
}

/** Runs a command with a leased token. */
class LeaseArena implements Arena {
  readonly #parts: LeaseParts;
  readonly #cleanups: AsyncDisposableStack;

  constructor(parts: LeaseParts, cleanups: AsyncDisposableStack) {
    this.#parts = parts;
    this.#cleanups = cleanups;
  }

  get home(): ArenaHome {
    const { home, session, store } = this.#parts;
    return { directory: home.path, session, store };
  }

  async setUp(): Promise<void> {}

  start(tracer: readonly string[] = []): Attempt {
    const process = this.#parts.home.start(words, tracer);
    return { process, ending: ended(process) };
  }

  async check(): Promise<void> {
    await assertPrivate(this.home.directory);
    const { storeName, home, store, kept, profiles } = this.#parts;
    const [root = "", ...leased] = home.live();
    assert.ok(leased.length <= 1, `${leased.length} leased tokens are active`);
    if (!kept.includes(root) || root === "") {
      throw new LostLogin("the login is revoked at the server");
    }
    if ((await store.get(account))?.reveal() !== kept) {
      throw new LostLogin("the stored login has changed");
    }
    assert.equal(await textOf(configFile(home)), profiles, "the profile has changed");
    const may = storeName === "plaintext file" ? plaintextFile : undefined;
    await assertSecretsOnlyIn(may, home.path, [root]);
    await assertSecretsOnlyIn(undefined, home.path, leased);
    const { code, stdout, stderr } = await home.run(["auth", "token", "work", "-o", "text"]);
    if (code !== 0) throw new LostLogin(`auth token exited with ${code}: ${stderr}`);
    assert.equal(stdout.trim(), root);
  }

  async finish(): Promise<Finish> {
    await letAnHourPass(this.home.directory);
    const { code, stderr } = await this.#parts.home.run(words);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.equal(this.#parts.home.live().length, 1, "a leased token was not revoked");
    await assertNothingLeft(this.home.directory);
    return "done";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanups.disposeAsync();
  }
}
