import { readCredential } from "../../../src/credentials/envelope.ts";
import {
  type PastedTokenLogin,
  type PastedTokenNeeds,
  type PastedTokenOptions,
  replacePastedToken,
} from "../../../src/leases/replace_pasted_token.ts";
import type { Profile } from "../../../src/profiles/profile.ts";
import { Secret } from "../../../src/secret.ts";
import { type LeaseMachine, rootValue, withLeaseMachine } from "../machine/lease_machine.ts";
import { MemoryLocks } from "../machine/memory_locks.ts";
import { MemoryUserFile } from "../machine/memory_user_file.ts";
import { minute } from "../stores/credentials.ts";
import { MemoryStore } from "../stores/memory_store.ts";

const day = 24 * 60 * minute;
/** The account of the profile's login in the store. */
export const account = "databricks:work";

/** A home directory on the machine. */
class Home {
  readonly machine: LeaseMachine;
  readonly store = new MemoryStore();
  readonly locks = new MemoryLocks();
  readonly turns = new MemoryLocks();
  readonly profileFile = new MemoryUserFile();
  readonly profile: Profile & { readonly host: string };

  constructor(machine: LeaseMachine) {
    this.machine = machine;
    this.profile = { name: "work", provider: "databricks", host: machine.server.host.origin };
  }

  needs(): PastedTokenNeeds {
    const { store, profileFile } = this;
    const uninterrupted = <T>(work: () => Promise<T>): Promise<T> => work();
    const { locks, turns } = this;
    return { ...this.machine.needs(), store, profileFile, locks, turns, uninterrupted };
  }

  login(
    more: Partial<PastedTokenOptions> = {},
    value = rootValue,
    needs = this.needs(),
  ): Promise<PastedTokenLogin> {
    const wish = { lifetime: 90 * day, replace: false, ...more };
    return replacePastedToken(this.profile, wish, () => Promise.resolve(new Secret(value)), needs);
  }

  async kept(): Promise<string | undefined> {
    const credential = await readCredential(account, this.store);
    return credential?.kind === "pat" ? credential.token.reveal() : undefined;
  }
}

/** Runs `body` in its own home directory. */
export function withHome(
  body: (home: Home, machine: LeaseMachine) => Promise<void>,
): Promise<void> {
  return withLeaseMachine((machine) => body(new Home(machine), machine));
}
