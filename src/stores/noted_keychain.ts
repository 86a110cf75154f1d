import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { fileNameOf } from "../system/files/locks.ts";
import { directoryOf, join } from "../system/files/paths.ts";
import { ensurePrivateDirectory } from "../system/files/private_directory.ts";
import { isAbsenceError } from "./absence.ts";
import type { Availability, SecretStore, StoreKind } from "./secret_store.ts";

/** Dependencies of {@link NotedKeychain}. */
export interface NotedKeychainNeeds {
  readonly keychain: SecretStore;
  /** The directory of the notes: an empty file for each account. It is local to this machine, as the keychain is. */
  readonly directory: string;
  /** Prints a notice, for example about a mode that was too wide. */
  readonly notice: (text: string) => void;
}

/**
 * Records in a directory which accounts the keychain holds, without their secrets. A session that has no
 * keychain can then report that a login is stored in it, instead of "not signed in".
 */
export class NotedKeychain implements SecretStore {
  readonly #needs: NotedKeychainNeeds;

  constructor(needs: NotedKeychainNeeds) {
    this.#needs = needs;
  }

  get kind(): StoreKind {
    return this.#needs.keychain.kind;
  }

  get location(): string {
    return this.#needs.keychain.location;
  }

  probe(): Promise<Availability> {
    return this.#needs.keychain.probe();
  }

  async get(account: string): Promise<Secret | undefined> {
    return await this.#rememberedIn(account, (keychain) => keychain.get(account));
  }

  /** Writes the note first: a note without a login does no harm, a login without a note would never get one. */
  async set(account: string, secret: Secret): Promise<void> {
    await this.#rememberedIn(account, async (keychain) => {
      const isNew = await this.#note(account);
      try {
        await keychain.set(account, secret);
      } catch (error) {
        const mayBeKept = error instanceof FobError && error.code === "store_timeout";
        if (isNew && !mayBeKept) await this.#forget(account);
        throw error;
      }
    });
  }

  async delete(account: string): Promise<boolean> {
    const wasKept = await this.#rememberedIn(account, (keychain) => keychain.delete(account));
    await this.#forget(account);
    return wasKept;
  }

  async list(): Promise<string[]> {
    try {
      return await this.#needs.keychain.list();
    } catch (error) {
      if (!isAbsenceError(error) || !await this.#hasNotes()) throw error;
      throw inKeychain("Logins are stored", error);
    }
  }

  async assertWritable(account: string): Promise<void> {
    await this.#rememberedIn(account, (keychain) => keychain.assertWritable(account));
  }

  async #rememberedIn<T>(account: string, use: (keychain: SecretStore) => Promise<T>): Promise<T> {
    try {
      return await use(this.#needs.keychain);
    } catch (error) {
      if (!isAbsenceError(error) || !await isNoted(account, this.#needs.directory)) throw error;
      const profile = account.slice(account.indexOf(":") + 1);
      throw inKeychain(`The login "${profile}" is stored`, error);
    }
  }

  async #hasNotes(): Promise<boolean> {
    return (await notedAccounts(this.#needs.directory)).length > 0;
  }

  /** Writes a note. `true` if there was none. Errors are ignored: a read-only home must not prevent a login. */
  async #note(account: string): Promise<boolean> {
    const { directory, notice } = this.#needs;
    try {
      if (await isNoted(account, directory)) return false;
      await ensurePrivateDirectory(directoryOf(directory), notice);
      await ensurePrivateDirectory(directory, notice);
      await Deno.writeTextFile(await this.#noteOf(account), "", { mode: 0o600 });
    } catch {
      return false;
    }
    return true;
  }

  async #forget(account: string): Promise<void> {
    await Deno.remove(await this.#noteOf(account)).catch(() => {});
  }

  async #noteOf(account: string): Promise<string> {
    return join(this.#needs.directory, await fileNameOf(account));
  }
}

/**
 * Whether `directory` has a note that the keychain holds `account`.
 *
 * @throws {FobError} `io_failed` if the directory cannot be read, so that an unknown login is not reported as
 * missing.
 */
export async function isNoted(account: string, directory: string): Promise<boolean> {
  const path = join(directory, await fileNameOf(account));
  try {
    await Deno.lstat(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FobError("io_failed", `Cannot check whether "${path}" exists: ${why}`, { cause });
  }
}

/** The accounts noted in `directory`, sorted; for a very long name, its digest. */
export async function notedAccounts(directory: string): Promise<string[]> {
  const notes = await Array.fromAsync(Deno.readDir(directory)).catch(() => []);
  return notes.map(({ name }) => accountFrom(name)).sort();
}

/** The reverse of `fileNameOf`. */
function accountFrom(fileName: string): string {
  try {
    return decodeURIComponent(fileName);
  } catch {
    return fileName;
  }
}

/** The error for logins in a keychain that this session does not have; `absence` is the reason. */
function inKeychain(what: string, absence: FobError): FobError {
  const why = absence.message.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  return new FobError("store_unavailable", `${what} in the keychain, but ${why}`, {
    cause: absence,
    facts: { ...absence.facts, kept: "keychain" },
  });
}
