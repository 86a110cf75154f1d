import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { holdsNothing, isAbsent } from "./absence.ts";
import type { Availability, SecretStore, StoreKind } from "./secret_store.ts";

/** Where the next secret goes. */
export interface Destination {
  readonly store: SecretStore;
  /** Why it is not the keychain, where it would be by default. */
  readonly reason?: string;
}

/** What the choice between keychain and file needs. */
export interface FallbackNeeds {
  readonly keychain: SecretStore;
  readonly file: SecretStore;
  /** Where the person refused plaintext, such as `FOB_NO_PLAINTEXT`; absent if nowhere. */
  readonly plaintextRefusedBy?: string;
  /** Told when a secret is about to be written in plaintext. */
  readonly notice: (text: string) => void;
}

/**
 * The keychain, or the plaintext file on a machine that provably has none. A keychain that is locked,
 * denied, slow or broken is never passed by: its error is the answer. What the file holds was written while
 * there was no keychain, so it is newer than what that holds; it moves there with the next write.
 */
export class FallbackStore implements SecretStore {
  readonly #needs: FallbackNeeds;

  constructor(needs: FallbackNeeds) {
    this.#needs = needs;
  }

  get kind(): StoreKind {
    return this.#needs.keychain.kind;
  }

  get location(): string {
    return this.#needs.keychain.location;
  }

  async probe(): Promise<Availability> {
    return await (await this.destination()).store.probe();
  }

  async get(account: string): Promise<Secret | undefined> {
    const { keychain, file } = this.#needs;
    return await file.get(account) ?? await this.#unlessAbsent(() => keychain.get(account));
  }

  async set(account: string, secret: Secret): Promise<void> {
    const { keychain, file } = this.#needs;
    const store = await this.#writable(account);
    await store.set(account, secret);
    if (store === keychain) await file.delete(account);
  }

  async delete(account: string): Promise<boolean> {
    const fromKeychain = await this.#unlessAbsent(() => this.#needs.keychain.delete(account));
    const fromFile = await this.#needs.file.delete(account);
    return fromFile || fromKeychain === true;
  }

  async list(): Promise<string[]> {
    const inKeychain = await this.#unlessAbsent(() => this.#needs.keychain.list());
    return [...new Set([...inKeychain ?? [], ...await this.#needs.file.list()])].sort();
  }

  async assertWritable(account: string): Promise<void> {
    const { file } = this.#needs;
    const store = await this.#writable(account);
    // A copy that the file could not let go of would be read first, and be the older one.
    if (store !== file && await file.get(account) !== undefined) await file.assertWritable(account);
    await store.assertWritable(account);
  }

  /** The store that `account` is found in, for people who ask where. */
  async holderOf(account: string): Promise<SecretStore | undefined> {
    const { keychain, file } = this.#needs;
    if (await file.get(account) !== undefined) return file;
    const kept = await this.#unlessAbsent(() => keychain.get(account));
    return kept === undefined ? undefined : keychain;
  }

  /** The store that a write would go to now; `found` is what the keychain has just been found to be. */
  async destination(found?: Availability): Promise<Destination> {
    const { keychain, file, plaintextRefusedBy } = this.#needs;
    const availability = found ?? await keychain.probe();
    const standsIn = isAbsent(availability) && plaintextRefusedBy === undefined;
    return standsIn ? { store: file, reason: availability.detail } : { store: keychain };
  }

  /**
   * Where a secret is about to be written; the person is told if that is in plaintext, and why. One
   * account has one entry: what is in the keychain gets no second one in the file.
   */
  async #writable(account: string): Promise<SecretStore> {
    const { keychain, file, plaintextRefusedBy, notice } = this.#needs;
    const availability = await keychain.probe();
    if (availability.state === "broken" && availability.error) throw availability.error;
    if (!isAbsent(availability)) return keychain;
    if (await file.get(account) === undefined) {
      await this.#unlessAbsent(() => keychain.assertWritable(account));
    }
    const { detail, reason } = availability;
    if (plaintextRefusedBy !== undefined) {
      throw new FobError(
        "plaintext_refused",
        `${detail}, and ${plaintextRefusedBy} forbids plaintext`,
        { facts: { reason } },
      );
    }
    notice(
      `${detail}. Credentials are saved to "${file.location}" in plaintext. Set FOB_NO_PLAINTEXT=1 to prevent this`,
    );
    return file;
  }

  /** What is known to be in the keychain is not passed by either. */
  async #unlessAbsent<T>(use: () => Promise<T>): Promise<T | undefined> {
    try {
      return await use();
    } catch (error) {
      if (holdsNothing(error)) return undefined;
      throw error;
    }
  }
}
