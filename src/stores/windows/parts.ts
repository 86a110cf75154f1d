import {
  type Credential,
  type CredentialSet,
  maximumBlob,
  maximumComment,
  maximumUserName,
  WindowsError,
} from "../../../ffi/advapi32.ts";
import { FobError } from "../../errors.ts";
import { type Manifest, readManifest, writeManifest } from "./manifest.ts";
import { CredentialTargets } from "./targets.ts";

/** `ERROR_NOT_FOUND`, winerror.h: the only status for a missing credential. */
const notFound = 1168;
/** How often a call is retried because another process writes at the same time. */
const tries = 20;

/**
 * Secrets of any size in a set of credentials that each hold {@link maximumBlob} bytes. A larger secret is
 * written as parts of a new generation. One write of the entry then makes it current: the entry is a manifest
 * that names the generation. A part is never written twice, so a manifest always names one complete secret,
 * or one with missing parts.
 *
 * The state after an interrupted call:
 *
 * | interrupted                            | the account has | left over, until its next `set` or `delete` |
 * | -------------------------------------- | --------------- | ------------------------------------------- |
 * | `set`, before the entry is written     | the old secret  | parts of the new one                        |
 * | `set`, after that                      | the new secret  | parts of the old one                        |
 * | `delete`, before the entry is removed  | the old secret  | nothing                                     |
 * | `delete`, after that                   | none            | parts of the old one                        |
 *
 * Callers hold a lock for the account. Two writers without a lock never produce a mixture: a writer starts over
 * if it removed parts that have become current, or if its own parts were removed.
 *
 * Every method throws `WindowsError`, and `FobError`: `store_corrupt` for an unreadable secret, `store_failed`
 * if other processes keep writing.
 */
export class PartedCredentials {
  readonly #set: CredentialSet;
  readonly #targets: CredentialTargets;
  readonly #newGeneration: () => string;

  /** `newGeneration` returns a unique name. */
  constructor(
    set: CredentialSet,
    service: string,
    newGeneration: () => string = () => crypto.randomUUID(),
  ) {
    this.#set = set;
    this.#targets = new CredentialTargets(service);
    this.#newGeneration = newGeneration;
  }

  /** The secret of `account`; `undefined` if there is none. */
  get(account: string): Uint8Array<ArrayBuffer> | undefined {
    let missing: Manifest | undefined;
    for (let count = 0; count < tries; count++) {
      const entry = this.#entry(account);
      const manifest = entry && readManifest(entry.blob, account);
      if (manifest === undefined) return entry?.blob;
      const secret = this.#join(account, manifest);
      if (secret !== undefined) return secret;
      // A writer removes the parts of the last generation: parts are missing only if the manifest is unchanged.
      if (manifest.generation === missing?.generation) {
        throw new FobError("store_corrupt", `Parts of the secret for "${account}" are missing`);
      }
      missing = manifest;
    }
    throw busy(account);
  }

  /** Whether `account` has a secret, readable or not. */
  has(account: string): boolean {
    return this.#entry(account) !== undefined;
  }

  /** Stores `secret` for `account`. */
  set(account: string, secret: Uint8Array<ArrayBuffer>): void {
    for (let count = 0; count < tries; count++) {
      const manifest = secret.length > maximumBlob ? this.#split(account, secret) : undefined;
      const blob = manifest === undefined ? secret : writeManifest(manifest);
      this.#write(this.#targets.entry(account), account, blob, `fob: ${account}`);
      if (this.#isSettled(account, manifest)) return;
    }
    throw busy(account);
  }

  /** Removes the secret of `account` and all its leftover parts. `false` if there was no secret. */
  delete(account: string): boolean {
    let found = false;
    for (let count = 0; count < tries; count++) {
      found = this.#remove(this.#targets.entry(account)) || found;
      const removed = this.#parts(account);
      for (const { target } of removed) this.#remove(target);
      if (removed.length === 0 || !this.#isLive(account, removed)) return found;
    }
    throw busy(account);
  }

  /** The accounts that have a secret, unsorted. */
  list(): string[] {
    const entries = unlessMissing(() => this.#set.enumerate(this.#targets.entries)) ?? [];
    return entries.map(({ target }) => this.#targets.accountOf(target))
      .filter((account) => account !== undefined);
  }

  #split(account: string, secret: Uint8Array<ArrayBuffer>): Manifest {
    const generation = this.#newGeneration();
    const parts = Math.ceil(secret.length / maximumBlob);
    for (let index = 0; index < parts; index++) {
      const blob = secret.slice(index * maximumBlob, (index + 1) * maximumBlob);
      const target = this.#targets.part(account, generation, index);
      this.#write(target, account, blob, `fob: part of ${account}`);
    }
    return { generation, parts, length: secret.length };
  }

  /** The user name and the comment are for display, so they may be cut off. */
  #write(target: string, account: string, blob: Uint8Array<ArrayBuffer>, comment: string): void {
    const userName = account.slice(0, maximumUserName);
    this.#set.write({ target, userName, blob }, comment.slice(0, maximumComment));
  }

  /** The secret of `manifest`; `undefined` if parts of it are missing. */
  #join(account: string, manifest: Manifest): Uint8Array<ArrayBuffer> | undefined {
    const blobs: Uint8Array[] = [];
    for (let index = 0; index < manifest.parts; index++) {
      const target = this.#targets.part(account, manifest.generation, index);
      const part = unlessMissing(() => this.#set.read(target));
      if (part === undefined) return undefined;
      blobs.push(part.blob);
    }
    const secret = join(blobs);
    return secret.length === manifest.length ? secret : undefined;
  }

  /**
   * Removes the parts that are no longer current. `false` if another process wrote in between, so that the
   * secret must be written again. A `WindowsError` is ignored: the secret is stored, and the next write removes
   * the leftover parts.
   */
  #isSettled(account: string, written: Manifest | undefined): boolean {
    try {
      const parts = this.#parts(account);
      if (parts.length === 0 && written === undefined) return true;
      const live = this.#liveGeneration(account);
      const ours = parts.filter((part) => this.#generation(account, part) === live);
      if (live !== undefined && live === written?.generation && ours.length < written.parts) {
        return false;
      }
      const stale = parts.filter((part) => !ours.includes(part));
      for (const { target } of stale) this.#remove(target);
      return stale.length === 0 || !this.#isLive(account, stale);
    } catch (error) {
      if (error instanceof WindowsError) return true;
      throw error;
    }
  }

  /** Whether one of `removed` belongs to the account's current secret. */
  #isLive(account: string, removed: readonly Credential[]): boolean {
    const live = this.#liveGeneration(account);
    return removed.some((part) => this.#generation(account, part) === live);
  }

  #liveGeneration(account: string): string | undefined {
    const entry = this.#entry(account);
    return entry && readManifest(entry.blob, account)?.generation;
  }

  #entry(account: string): Credential | undefined {
    return unlessMissing(() => this.#set.read(this.#targets.entry(account)));
  }

  #parts(account: string): Credential[] {
    return unlessMissing(() => this.#set.enumerate(this.#targets.parts(account))) ?? [];
  }

  #generation(account: string, { target }: Credential): string {
    return this.#targets.generationOf(account, target);
  }

  #remove(target: string): boolean {
    return unlessMissing(() => (this.#set.delete(target), true)) ?? false;
  }
}

function join(blobs: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(blobs.reduce((length, blob) => length + blob.length, 0));
  let at = 0;
  for (const blob of blobs) {
    whole.set(blob, at);
    at += blob.length;
  }
  return whole;
}

function unlessMissing<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof WindowsError && error.code === notFound) return undefined;
    throw error;
  }
}

function busy(account: string): FobError {
  return new FobError("store_failed", `Other processes keep changing the secret for "${account}"`);
}
