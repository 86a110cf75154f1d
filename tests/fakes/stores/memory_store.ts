import { type ErrorCode, FobError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import type { Availability, SecretStore } from "../../../src/stores/secret_store.ts";

/** A store in memory that can fail like real stores. It passes the store contract. */
export class MemoryStore implements SecretStore {
  readonly kind = "memory";
  readonly location = "memory";
  readonly #secrets = new Map<string, string>();
  /** When set, every call fails with it. */
  failure: ErrorCode | undefined;
  /** The number of writes. */
  writes = 0;

  /** The stored secrets, independent of `failure`. */
  contents(): ReadonlyMap<string, string> {
    return this.#secrets;
  }

  probe(): Promise<Availability> {
    if (this.failure === undefined) return Promise.resolve({ state: "ready" });
    if (this.failure === "store_locked") {
      return Promise.resolve({ state: "locked", detail: "Locked" });
    }
    if (this.failure === "store_unavailable") {
      return Promise.resolve({ state: "unavailable", reason: "no-bus", detail: "No bus" });
    }
    return Promise.resolve({ state: "broken", detail: this.failure });
  }

  get(account: string): Promise<Secret | undefined> {
    return this.#do(() => {
      const value = this.#secrets.get(account);
      return value === undefined ? undefined : new Secret(value);
    });
  }

  set(account: string, secret: Secret): Promise<void> {
    return this.#do(() => {
      this.writes++;
      this.#secrets.set(account, secret.reveal());
    });
  }

  delete(account: string): Promise<boolean> {
    return this.#do(() => this.#secrets.delete(account));
  }

  list(): Promise<string[]> {
    return this.#do(() => [...this.#secrets.keys()].sort());
  }

  assertWritable(): Promise<void> {
    return this.#do(() => {});
  }

  #do<T>(act: () => T): Promise<T> {
    if (this.failure === undefined) return Promise.resolve(act());
    const facts = this.failure === "store_unavailable" ? { facts: { reason: "no-bus" } } : {};
    return Promise.reject(new FobError(this.failure, `Memory: ${this.failure}`, facts));
  }
}
