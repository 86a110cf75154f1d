import type { FrameworkPaths } from "../../../ffi/frameworks.ts";
import { type PasswordKey, Security, SecurityError } from "../../../ffi/security.ts";
import { FobError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { availabilityFrom } from "../absence.ts";
import type { Availability, SecretStore, WaitOptions } from "../secret_store.ts";
import { withinLimit } from "../time_limit.ts";
import { interactionNotAllowed, keychainError } from "./keychain_error.ts";

/** What the keychain needs. */
export interface KeychainNeeds {
  readonly waitOptions: WaitOptions;
  /** The running fob's: what it has added, it may read without a dialog. */
  readonly version: string;
  /** The libraries, where they are not the system's. */
  readonly frameworks?: FrameworkPaths;
}

/** The libraries, and whether a dialog may really be shown. */
interface Opened {
  readonly security: Security;
  readonly waitOptions: WaitOptions;
}

/** How an item is found, and how it is while its place is taken by a new one: {@link KeychainStore.set}. */
const [service, stagingService] = ["fob", "fob (being replaced)"];

/**
 * The file-based keychain of macOS, by generic passwords: what the login keychain holds, and `security
 * find-generic-password -s fob` shows.
 */
export class KeychainStore implements SecretStore {
  readonly kind = "keychain";
  readonly location = "the macOS Keychain, default keychain";
  readonly #needs: KeychainNeeds;
  #opening: Promise<Opened> | undefined;

  /** Opens nothing yet: the libraries are loaded by the first call. */
  constructor(needs: KeychainNeeds) {
    this.#needs = needs;
  }

  async probe(): Promise<Availability> {
    try {
      await this.#assertUnlocked();
      return { state: "ready" };
    } catch (error) {
      return availabilityFrom(error);
    }
  }

  /** A writer may have taken the entry away and not put the new one in its place yet; by the third look it has. */
  async get(account: string): Promise<Secret | undefined> {
    for (const key of [keyOf(account), stagingKeyOf(account), keyOf(account)]) {
      const bytes = await this.#do((security) => security.find(key));
      if (bytes !== undefined) return decode(bytes, account);
    }
    await this.#assertPresent();
    return undefined;
  }

  /**
   * An entry that this build has made is changed in one step. For one of another build macOS would ask a
   * person, now and at every read, because an entry trusts the build that made it; so a new one takes its
   * place. Cut off anywhere in that, either entry or the copy beside it is found by `get`.
   */
  async set(account: string, secret: Secret): Promise<void> {
    const bytes = new TextEncoder().encode(secret.reveal());
    for (let tries = 0; tries < writeTries; tries++) {
      const isDone = await this.#add(keyOf(account), bytes) ||
        await this.#update(account, bytes) || await this.#replace(account, bytes);
      if (isDone) return await this.#dropCopy(account);
    }
    throw new FobError(
      "store_failed",
      `Other processes keep changing the keychain item for "${account}"`,
    );
  }

  /** The copy first: without its entry, `get` would take it for one. */
  async delete(account: string): Promise<boolean> {
    const isKept = (await this.#do((security) => security.list(keyOf(account)))).length > 0 ||
      (await this.#do((security) => security.list(stagingKeyOf(account)))).length > 0;
    await (isKept ? this.#assertWritable() : this.#assertPresent());
    const hadCopy = await this.#do((security) => security.delete(stagingKeyOf(account)));
    return await this.#do((security) => security.delete(keyOf(account))) || hadCopy;
  }

  async list(): Promise<string[]> {
    const accounts = new Set<string>();
    for (const place of [service, stagingService, service]) {
      const found = await this.#do((security) => security.list({ service: place }));
      for (const { account } of found) accounts.add(account);
    }
    // An item of another program may name none: `get` would refuse it, and whoever goes through them all stop.
    accounts.delete("");
    if (accounts.size === 0) await this.#assertPresent();
    return [...accounts].sort();
  }

  async assertWritable(account: string): Promise<void> {
    keyOf(account);
    await this.#assertWritable();
  }

  async #add(key: PasswordKey, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const face = { label: `fob: ${key.account}`, comment: this.#comment };
    return await this.#do((security) => security.add(key, face, bytes));
  }

  /** `false` where the entry is of another build, or gone. */
  async #update(account: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const [entry] = await this.#do((security) => security.list(keyOf(account)));
    if (entry?.comment !== this.#comment) return false;
    try {
      return await this.#do((security) => security.update(keyOf(account), bytes));
    } catch (error) {
      // Two builds of one version: the other's is not for this one to change. If the keychain is locked, so
      // says the next write, before anything is taken away.
      if (error instanceof FobError && /^store_(denied|locked)$/.test(error.code)) return false;
      throw error;
    }
  }

  /** `false` where somebody else has written the entry meanwhile. */
  async #replace(account: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const copyKey = stagingKeyOf(account);
    if (!await this.#add(copyKey, bytes)) {
      await this.#do((security) => security.delete(copyKey));
      if (!await this.#add(copyKey, bytes)) return false;
    }
    await this.#do((security) => security.delete(keyOf(account)));
    return await this.#add(keyOf(account), bytes);
  }

  /** The entry is written, whatever becomes of this: a copy that stays is only looked at where there is no entry. */
  async #dropCopy(account: string): Promise<void> {
    try {
      await this.#do((security) => security.delete(stagingKeyOf(account)));
    } catch (error) {
      if (!(error instanceof FobError)) throw error;
    }
  }

  get #comment(): string {
    return `Kept by fob ${this.#needs.version}`;
  }

  /** A search that fails, or has no keychain to search, says the same as one that finds nothing: SecItem.cpp. */
  async #assertPresent(): Promise<void> {
    await this.#do((security) => security.isUnlocked());
  }

  async #assertUnlocked(): Promise<void> {
    const isUnlocked = await this.#do((security) => security.isUnlocked());
    if (!isUnlocked) throw keychainError(interactionNotAllowed);
  }

  /** Where a person may be asked, writing is what makes the system ask: better before a token is spent than after. */
  async #assertWritable(): Promise<void> {
    const isUnlocked = await this.#do((security) => security.isUnlocked());
    if (!isUnlocked && (await this.#open()).waitOptions.interactive) await this.#rehearse();
    await this.#assertUnlocked();
  }

  async #rehearse(): Promise<void> {
    const key = keyOf(`probe:${crypto.randomUUID()}`);
    await this.#add(key, new Uint8Array());
    await this.#do((security) => security.delete(key));
  }

  async #do<T>(use: (security: Security) => Promise<T>): Promise<T> {
    const { security, waitOptions } = await this.#open();
    return await within(use(security), waitOptions);
  }

  #open(): Promise<Opened> {
    return this.#opening ??= load(this.#needs);
  }
}

/** How often a write starts over because another process has written the same account meanwhile. */
const writeTries = 3;

/** Decides once for the process whether a dialog may appear: the switch is the process's, not a call's. */
async function load({ waitOptions, frameworks }: KeychainNeeds): Promise<Opened> {
  let security: Security;
  try {
    security = new Security(frameworks);
  } catch (cause) {
    // Every Mac has it: that this program cannot open it says nothing about where the logins are.
    throw new FobError("store_failed", "Cannot load the Security framework of macOS", {
      cause,
    });
  }
  const interactive = waitOptions.interactive &&
    await within(security.hasGraphicAccess(), waitOptions);
  if (!interactive) await within(Promise.try(() => security.forbidInteraction()), waitOptions);
  return { security, waitOptions: { ...waitOptions, interactive } };
}

async function within<T>(call: Promise<T>, waitOptions: WaitOptions): Promise<T> {
  try {
    return await withinLimit(call, "the keychain", waitOptions);
  } catch (error) {
    throw error instanceof SecurityError ? keychainError(error.status, error) : error;
  }
}

function keyOf(account: string): PasswordKey {
  if (account === "" || account.includes("\0")) {
    throw new FobError(
      "store_failed",
      "An account name must not be empty or contain a NUL character",
    );
  }
  return { service, account };
}

function stagingKeyOf(account: string): PasswordKey {
  return { service: stagingService, account };
}

function decode(bytes: Uint8Array, account: string): Secret {
  try {
    return new Secret(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new FobError("store_corrupt", `The keychain item for "${account}" is not UTF-8 text`, {
      cause,
    });
  }
}
