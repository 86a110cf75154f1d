import { type Credential, type CredentialSet, WindowsError } from "../../../ffi/advapi32.ts";

/**
 * The Credential Manager in memory, with the limits of Windows that Wine does not have: 2,560 bytes
 * (`RPC_X_BAD_STUB_DATA`), maximum lengths of texts, and case-insensitive targets.
 */
export class MemoryCredentials implements CredentialSet {
  readonly #credentials = new Map<string, Credential>();
  /** When set, every call fails with this status. */
  failure: number | undefined;
  persistence = 3;
  calls = 0;

  /** The targets of the stored credentials. */
  targets(): string[] {
    return [...this.#credentials.values()].map(({ target }) => target);
  }

  read(target: string): Credential {
    this.#answer();
    const found = this.#credentials.get(target.toUpperCase());
    if (found === undefined) throw new WindowsError(1168, "Element not found");
    return { ...found, blob: found.blob.slice() };
  }

  write({ target, userName, blob }: Credential, comment: string): void {
    this.#answer();
    if (blob.length > 2560) throw new WindowsError(1783, "The stub received bad data");
    if (target.length > 32767) throw new WindowsError(87, "The parameter is incorrect");
    if (userName.length > 513) throw new WindowsError(2202, "The user name is invalid");
    if (comment.length > 256) throw new WindowsError(87, "The parameter is incorrect");
    const old = this.#credentials.get(target.toUpperCase());
    const credential = { target: old?.target ?? target, userName, blob: blob.slice() };
    this.#credentials.set(target.toUpperCase(), credential);
  }

  delete(target: string): void {
    this.#answer();
    if (this.#credentials.delete(target.toUpperCase())) return;
    throw new WindowsError(1168, "Element not found");
  }

  enumerate(prefix: string): Credential[] {
    this.#answer();
    const found = [...this.#credentials].filter(([name]) => name.startsWith(prefix.toUpperCase()));
    if (found.length === 0) throw new WindowsError(1168, "Element not found");
    return found.map(([, credential]) => ({ ...credential, blob: credential.blob.slice() }));
  }

  maximumPersistence(): number {
    this.#answer();
    return this.persistence;
  }

  #answer(): void {
    this.calls++;
    if (this.failure !== undefined) throw new WindowsError(this.failure, "failure");
  }
}
