import type { FrameworkPaths } from "../../../ffi/frameworks.ts";
import { type PasswordKey, Security, SecurityError } from "../../../ffi/security.ts";
import { FobError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { availabilityFrom } from "../absence.ts";
import type { Availability, SecretStore, WaitOptions } from "../secret_store.ts";
import { withinLimit } from "../time_limit.ts";
import { interactionNotAllowed, keychainError } from "./keychain_error.ts";

/** Dependencies of {@link KeychainStore}. */
export interface KeychainNeeds {
  readonly waitOptions: WaitOptions;
  /** The version of the running fob. It can read items that it added itself without a prompt. */
  readonly version: string;
  /** The paths of other libraries than the system's. */
  readonly frameworks?: FrameworkPaths;
}

/** The libraries, and whether a prompt can be shown. */
interface Opened {
  readonly security: Security;
  readonly waitOptions: WaitOptions;
}

/** The service of an item, and of its copy while the item is being replaced: {@link KeychainStore.set}. */
const [service, stagingService] = ["fob", "fob (being replaced)"];

/**
 * The file-based keychain of macOS, as generic passwords. They are in the login keychain;
 * `security find-generic-password -s fob` shows them.
 */
export class KeychainStore implements SecretStore {
  readonly kind = "keychain";
  readonly location = "the macOS Keychain, default keychain";
  readonly #needs: KeychainNeeds;
  #opening: Promise<Opened> | undefined;

  /** Lazy: the libraries are loaded by the first call. */
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

  /** Another process may be replacing the entry: then the copy, or at the third try the new entry, is found. */
  async get(account: string): Promise<Secret | undefined> {
    for (const key of [keyOf(account), stagingKeyOf(account), keyOf(account)]) {
      const bytes = await this.#do((security) => security.find(key));
      if (bytes !== undefined) return decode(bytes, account);
    }
    await this.#assertPresent();
    return undefined;
  }

  /**
   * Updates an entry that this build created. An entry of another build is replaced by a new one, because an
   * entry trusts only the build that created it: macOS would show a prompt now and at every read. If the
   * process is killed during that, `get` finds the old entry, the new one, or the copy.
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

  /** Deletes the copy first: `get` would return a copy that has no entry. */
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
    // An item of another program may have no account, which `get` rejects.
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

  /** `false` if another build created the entry, or it is gone. */
  async #update(account: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const [entry] = await this.#do((security) => security.list(keyOf(account)));
    if (entry?.comment !== this.#comment) return false;
    try {
      return await this.#do((security) => security.update(keyOf(account), bytes));
    } catch (error) {
      // Two builds of one version: this one may not change an entry of the other. If the keychain is locked,
      // the next write reports that before anything is deleted.
      if (error instanceof FobError && /^store_(denied|locked)$/.test(error.code)) return false;
      throw error;
    }
  }

  /** `false` if another process has written the entry meanwhile. */
  async #replace(account: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const copyKey = stagingKeyOf(account);
    if (!await this.#add(copyKey, bytes)) {
      await this.#do((security) => security.delete(copyKey));
      if (!await this.#add(copyKey, bytes)) return false;
    }
    await this.#do((security) => security.delete(keyOf(account)));
    return await this.#add(keyOf(account), bytes);
  }

  /** Errors are ignored: the entry is written, and a remaining copy is only read if there is no entry. */
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

  /** Throws if no keychain can be searched: a failed search returns the same as an empty one (SecItem.cpp). */
  async #assertPresent(): Promise<void> {
    await this.#do((security) => security.isUnlocked());
  }

  async #assertUnlocked(): Promise<void> {
    const isUnlocked = await this.#do((security) => security.isUnlocked());
    if (!isUnlocked) throw keychainError(interactionNotAllowed);
  }

  /** If prompts are allowed, a test write makes the system ask for the password. Do that before a token is spent. */
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

/** How often a write is retried if another process writes the same account. */
const writeTries = 3;

/** Loads the libraries, and forbids prompts if none can be shown: the setting applies to the whole process. */
async function load({ waitOptions, frameworks }: KeychainNeeds): Promise<Opened> {
  let security: Security;
  try {
    security = new Security(frameworks);
  } catch (cause) {
    // Every Mac has this library, so this does not prove that there is no keychain.
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
