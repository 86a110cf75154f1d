import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import {
  directoryOf,
  rehearseReplace,
  replaceFile,
  sweepTemporary,
} from "../system/atomic_file.ts";
import type { Clock } from "../system/clock.ts";
import { lockFile } from "../system/file_lock.ts";
import {
  absent,
  checkPrivateDirectory,
  ensurePrivateDirectory,
} from "../system/private_directory.ts";
import type { Availability, SecretStore } from "./secret_store.ts";

/** What the plaintext file needs. */
export interface PlaintextFileNeeds {
  readonly path: string;
  readonly clock: Clock;
  /** Told what a person should know, such as a mode that was too wide. */
  readonly notice: (text: string) => void;
  /** Who refuses plain text, such as `FOB_NO_PLAINTEXT`: what is kept is read and removed, nothing is added. */
  readonly refusedBy?: string;
}

/** Milliseconds that a writer waits for other writers, who need a few each. */
const writeLockLimit = 5_000;
/** Bytes that the file may have before it is taken for something else. */
const sizeLimit = 32 * 1024 * 1024;

/** Bytes that a write may add to the file: the largest secret that is expected. */
const growth = 64 * 1024;

/** The file's form: `credentials` maps an account to its secret. What else is there is kept as it is. */
interface Content {
  readonly version: 1;
  readonly credentials: Readonly<Record<string, string>>;
}

/**
 * `credentials.json`: every secret readable for whoever can read this user's files. For machines
 * without a keychain, and for people who ask for it.
 */
export class PlaintextFileStore implements SecretStore {
  readonly kind = "plaintext-file";
  readonly location: string;
  readonly #needs: PlaintextFileNeeds;

  constructor(needs: PlaintextFileNeeds) {
    this.location = needs.path;
    this.#needs = needs;
  }

  async probe(): Promise<Availability> {
    try {
      await this.#read();
      return { state: "ready" };
    } catch (error) {
      return { state: "broken", detail: asError(error).message };
    }
  }

  async get(account: string): Promise<Secret | undefined> {
    const { credentials } = await this.#read();
    const secret = Object.hasOwn(credentials, account) ? credentials[account] : undefined;
    return secret === undefined ? undefined : new Secret(secret);
  }

  async set(account: string, secret: Secret): Promise<void> {
    this.#assertAllowed();
    await this.#change((content) => ({
      ...content,
      credentials: { ...content.credentials, [account]: secret.reveal() },
    }));
  }

  async delete(account: string): Promise<boolean> {
    const { credentials } = await this.#read();
    if (!Object.hasOwn(credentials, account)) return false;
    await this.#change((content) => {
      const { [account]: _removed, ...rest } = content.credentials;
      return { ...content, credentials: rest };
    });
    return true;
  }

  async list(): Promise<string[]> {
    return Object.keys((await this.#read()).credentials).sort();
  }

  async assertWritable(): Promise<void> {
    this.#assertAllowed();
    const { path } = this.#needs;
    await this.#exclusively(async () => {
      const content = await this.#readUnlessDamaged() ?? emptyContent;
      await rehearseReplace(path, print(content).length + growth);
    });
  }

  #assertAllowed(): void {
    const { refusedBy, path } = this.#needs;
    if (refusedBy === undefined) return;
    throw new FobError(
      "plaintext_refused",
      `Cannot write "${path}": ${refusedBy} refuses plain text`,
    );
  }

  async #read(): Promise<Content> {
    const { path, notice } = this.#needs;
    try {
      if (!await checkPrivateDirectory(directoryOf(path), notice)) return emptyContent;
      const entry = await Deno.lstat(path).catch(absent);
      if (entry === undefined) return emptyContent;
      if (!entry.isFile) throw corrupt(path, "it is not a plain file");
      if (entry.size > sizeLimit) throw corrupt(path, `it has ${entry.size} bytes`);
      if (Deno.build.os !== "windows" && ((entry.mode ?? 0) & 0o077) !== 0) {
        await Deno.chmod(path, 0o600);
        notice(`Tightened "${path}" to mode 0600: others could read it`);
      }
      return parse(await Deno.readTextFile(path), path);
    } catch (error) {
      throw ioError(error, `Cannot read "${path}"`);
    }
  }

  async #change(change: (content: Content) => Content): Promise<void> {
    const { path } = this.#needs;
    await this.#exclusively(async () => {
      const changed = change(await this.#readUnlessDamaged() ?? await this.#setAside());
      const isEmpty = Object.keys(changed.credentials).length === 0 &&
        Object.keys(changed).length === Object.keys(emptyContent).length;
      await (isEmpty ? Deno.remove(path).catch(absent) : replaceFile(path, print(changed)));
    });
  }

  /** Does `work` while no other process reads to write. */
  async #exclusively(work: () => Promise<void>): Promise<void> {
    const { path, clock, notice } = this.#needs;
    try {
      await ensurePrivateDirectory(directoryOf(path), notice);
      using _lock = await lockFile(`${path}.lock`, writeLockLimit, clock);
      await sweepTemporary(path);
      await work();
    } catch (error) {
      throw ioError(error, `Cannot write "${path}"`);
    }
  }

  /** The content; `undefined` for a file that is damaged beyond reading, though not for one of another version. */
  async #readUnlessDamaged(): Promise<Content | undefined> {
    try {
      return await this.#read();
    } catch (error) {
      if (error instanceof FobError && error.facts["damaged"] !== undefined) return undefined;
      throw error;
    }
  }

  /** Makes room for a new file by giving the damaged one another name. */
  async #setAside(): Promise<Content> {
    const { path, clock, notice } = this.#needs;
    const aside = `${path}.corrupt-${new Date(clock.now()).toISOString().replaceAll(":", "")}`;
    await Deno.rename(path, aside);
    notice(`"${path}" was damaged beyond reading. It is kept as "${aside}"`);
    return emptyContent;
  }
}

const emptyContent: Content = { version: 1, credentials: {} };

function parse(text: string, path: string): Content {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw damaged(path, "it is not JSON");
  }
  if (!isRecord(content)) throw damaged(path, "it is not an object");
  if (content["version"] !== 1) {
    const version = cut(content["version"]);
    throw corrupt(path, `it has version ${version}, this fob knows version 1`, { version });
  }
  const { credentials } = content;
  if (
    !isRecord(credentials) ||
    !Object.values(credentials).every((value) => typeof value === "string")
  ) {
    throw damaged(path, '"credentials" does not map accounts to strings');
  }
  return content as unknown as Content;
}

function print(content: Content): string {
  return JSON.stringify(content, undefined, 2) + "\n";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function cut(value: unknown): string {
  return (JSON.stringify(value) ?? "none").slice(0, 40);
}

function corrupt(
  path: string,
  why: string,
  facts: Readonly<Record<string, string>> = {},
): FobError {
  return new FobError("store_corrupt", `Cannot read "${path}": ${why}`, {
    facts: { path, ...facts },
  });
}

/** Not JSON, or not fob's: nothing in it can be saved by a newer fob either. */
function damaged(path: string, why: string): FobError {
  return corrupt(path, why, { damaged: why });
}

/** What the system said, under what fob wanted. */
function ioError(error: unknown, what: string): FobError {
  if (error instanceof FobError) {
    return error.code === "lock_timeout"
      ? new FobError("store_timeout", `${what}: ${error.message}`)
      : error;
  }
  const code = error instanceof Deno.errors.PermissionDenied ? "store_denied" : "store_failed";
  return new FobError(code, `${what}: ${asError(error).message}`, { cause: error });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
