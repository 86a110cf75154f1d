import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import type { Availability, SecretStore, StoreKind, UnavailableReason } from "./secret_store.ts";

/** What proves that a machine has no keychain. A keychain without a default collection is one, and broken. */
const provenAbsent: ReadonlySet<string> = new Set<UnavailableReason>([
  "no-bus",
  "no-library",
  "no-provider",
  "unsupported-system",
]);

/** What the choice between keychain and file needs. */
export interface FallbackNeeds {
  readonly keychain: SecretStore;
  readonly file: SecretStore;
  /** Where the person refused plaintext, such as `FOB_NO_PLAINTEXT`; absent if nowhere. */
  readonly plaintextRefusedBy?: string;
  /** Told when a secret is about to be written in plain text. */
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
    const { keychain, file, plaintextRefusedBy } = this.#needs;
    const availability = await keychain.probe();
    const standsIn = isProvenAbsent(availability) && plaintextRefusedBy === undefined;
    return standsIn ? await file.probe() : availability;
  }

  async get(account: string): Promise<Secret | undefined> {
    const { keychain, file } = this.#needs;
    return await file.get(account) ?? await this.#unlessAbsent(() => keychain.get(account));
  }

  async set(account: string, secret: Secret): Promise<void> {
    const { keychain, file } = this.#needs;
    const store = await this.#writable();
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
    const store = await this.#writable();
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

  /** Where a secret is about to be written; the person is told if that is in plain text, and why. */
  async #writable(): Promise<SecretStore> {
    const { keychain, file, plaintextRefusedBy, notice } = this.#needs;
    const availability = await keychain.probe();
    if (availability.state === "broken" && availability.error) throw availability.error;
    if (!isProvenAbsent(availability)) return keychain;
    const { detail } = availability;
    if (plaintextRefusedBy !== undefined) {
      throw new FobError(
        "plaintext_refused",
        `${detail}, and ${plaintextRefusedBy} refuses plain text`,
      );
    }
    notice(
      `${detail}: credentials go to "${file.location}" in plain text. FOB_NO_PLAINTEXT=1 refuses that`,
    );
    return file;
  }

  async #unlessAbsent<T>(use: () => Promise<T>): Promise<T | undefined> {
    try {
      return await use();
    } catch (error) {
      const isAbsent = error instanceof FobError && error.code === "store_unavailable" &&
        provenAbsent.has(error.facts["reason"] ?? "");
      if (isAbsent) return undefined;
      throw error;
    }
  }
}

function isProvenAbsent(
  availability: Availability,
): availability is Availability & { state: "unavailable" } {
  return availability.state === "unavailable" && provenAbsent.has(availability.reason);
}
