import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { rename } from "../system/files/rename.ts";
import { isObject } from "../text/json_object.ts";
import {
  corrupt,
  damaged,
  foundVersion,
  parseObject,
  PrivateFile,
  type PrivateFileNeeds,
} from "./private_file.ts";
import type { Availability, SecretStore } from "./secret_store.ts";

/** Dependencies of {@link PlaintextFileStore}. */
export interface PlaintextFileNeeds extends PrivateFileNeeds {
  /** The setting that forbids plaintext, such as `FOB_NO_PLAINTEXT`. Entries can then only be read and deleted. */
  readonly refusedBy?: string;
}

/** The file format: `credentials` maps an account to its secret. Unknown fields are preserved. */
interface Content {
  readonly version: 1;
  readonly credentials: Readonly<Record<string, string>>;
}

/**
 * `credentials.json`: secrets in plaintext, for machines without a keychain and for users who choose it.
 * Every program that can read this user's files can read them.
 */
export class PlaintextFileStore implements SecretStore {
  readonly kind = "plaintext-file";
  readonly location: string;
  readonly #needs: PlaintextFileNeeds;
  readonly #file: PrivateFile;

  constructor(needs: PlaintextFileNeeds) {
    this.location = needs.path;
    this.#needs = needs;
    this.#file = new PrivateFile(needs);
  }

  async probe(): Promise<Availability> {
    try {
      await this.#read();
      return { state: "ready" };
    } catch (error) {
      return { state: "broken", detail: error instanceof Error ? error.message : String(error) };
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
    await this.#file.rehearse((text) => print(this.#parseUnlessDamaged(text) ?? emptyContent));
  }

  #assertAllowed(): void {
    const { refusedBy, path } = this.#needs;
    if (refusedBy === undefined) return;
    throw new FobError(
      "plaintext_refused",
      `Cannot write "${path}": ${refusedBy} forbids plaintext`,
    );
  }

  async #read(): Promise<Content> {
    return parse(await this.#file.read(), this.#needs.path);
  }

  async #change(change: (content: Content) => Content): Promise<void> {
    await this.#file.change(async (text) => {
      const changed = change(this.#parseUnlessDamaged(text) ?? await this.#setAside());
      const isEmpty = Object.keys(changed.credentials).length === 0 &&
        Object.keys(changed).length === Object.keys(emptyContent).length;
      return isEmpty ? undefined : print(changed);
    });
  }

  /** The content; `undefined` for a corrupt file. Throws for a file of another version. */
  #parseUnlessDamaged(text: string | undefined): Content | undefined {
    try {
      return parse(text, this.#needs.path);
    } catch (error) {
      if (error instanceof FobError && error.facts["damaged"] !== undefined) return undefined;
      throw error;
    }
  }

  /** Renames the corrupt file, so that a new one can be written. */
  async #setAside(): Promise<Content> {
    const { path, clock, notice } = this.#needs;
    const aside = `${path}.corrupt-${new Date(clock.now()).toISOString().replaceAll(":", "")}`;
    await rename(path, aside);
    notice(`"${path}" was corrupt and has been moved to "${aside}"`);
    return emptyContent;
  }
}

const emptyContent: Content = { version: 1, credentials: {} };

function parse(text: string | undefined, path: string): Content {
  if (text === undefined) return emptyContent;
  const content = parseObject(text, path);
  if (content["version"] !== 1) {
    const version = foundVersion(content["version"]);
    throw corrupt(path, `its version is ${version}, this fob supports version 1`, { version });
  }
  const { credentials } = content;
  if (
    !isObject(credentials) ||
    !Object.values(credentials).every((value) => typeof value === "string")
  ) {
    throw damaged(path, '"credentials" is not an object of strings');
  }
  return content as unknown as Content;
}

function print(content: Content): string {
  return JSON.stringify(content, undefined, 2) + "\n";
}
