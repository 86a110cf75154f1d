import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { holdsNothing, isAbsent } from "./absence.ts";
import type { Availability, SecretStore, StoreKind } from "./secret_store.ts";

/** The store that the next secret is written to. */
export interface Destination {
  readonly store: SecretStore;
  /** Why it is not the keychain, which is the default. */
  readonly reason?: string;
}

/** Dependencies of {@link FallbackStore}. */
export interface FallbackNeeds {
  readonly keychain: SecretStore;
  readonly file: SecretStore;
  /** The setting that forbids plaintext, such as `FOB_NO_PLAINTEXT`; absent if none does. */
  readonly plaintextRefusedBy?: string;
  /** Called when a secret is about to be written in plaintext. */
  readonly notice: (text: string) => void;
}

/**
 * The keychain, or the plaintext file on a machine that provably has none. If the keychain is locked,
 * denied, slow or broken, its error is thrown and the file is not used. An entry in the file was written while
 * there was no keychain, so it is newer than the keychain's; the next write moves it to the keychain.
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
    // A copy that cannot be deleted from the file would be read first, although it is older.
    if (store !== file && await file.get(account) !== undefined) await file.assertWritable(account);
    await store.assertWritable(account);
  }

  /** The store that holds `account`, for display. */
  async holderOf(account: string): Promise<SecretStore | undefined> {
    const { keychain, file } = this.#needs;
    if (await file.get(account) !== undefined) return file;
    const kept = await this.#unlessAbsent(() => keychain.get(account));
    return kept === undefined ? undefined : keychain;
  }

  /** The store that a write would go to now. `found` is the keychain's availability, if it is already known. */
  async destination(found?: Availability): Promise<Destination> {
    const { keychain, file, plaintextRefusedBy } = this.#needs;
    const availability = found ?? await keychain.probe();
    const usesFile = isAbsent(availability) && plaintextRefusedBy === undefined;
    return usesFile ? { store: file, reason: availability.detail } : { store: keychain };
  }

  /**
   * The store to write a secret to; prints a notice if that is the plaintext file. An account has one entry:
   * one that is in the keychain gets no second one in the file.
   *
   * @throws {FobError} `plaintext_refused`.
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
      `${detail}. Credentials are stored in "${file.location}" in plaintext. Set FOB_NO_PLAINTEXT=1 to prevent this`,
    );
    return file;
  }

  /** `undefined` if the keychain is absent, and no login is recorded in it. */
  async #unlessAbsent<T>(use: () => Promise<T>): Promise<T | undefined> {
    try {
      return await use();
    } catch (error) {
      if (holdsNothing(error)) return undefined;
      throw error;
    }
  }
}
