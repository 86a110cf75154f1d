import { FobError } from "../../../src/errors.ts";
import type { ErrorCode } from "../../../src/errors.ts";
import type { Secret } from "../../../src/secret.ts";
import { MemoryStore } from "./memory_store.ts";

/** A store in memory that records its calls in `log`. Calls can be made to fail. */
export class LoggedStore extends MemoryStore {
  readonly #log: string[];
  /** Error codes of the calls that fail. */
  readonly failures: { get?: ErrorCode; set?: ErrorCode; assertWritable?: ErrorCode } = {};

  constructor(log: string[]) {
    super();
    this.#log = log;
  }

  override async get(account: string): Promise<Secret | undefined> {
    this.#note("get");
    return await super.get(account);
  }

  override async set(account: string, secret: Secret): Promise<void> {
    this.#note("set");
    await super.set(account, secret);
  }

  override async delete(account: string): Promise<boolean> {
    this.#log.push("delete");
    return await super.delete(account);
  }

  override async assertWritable(): Promise<void> {
    this.#note("assertWritable");
    await super.assertWritable();
  }

  #note(call: "get" | "set" | "assertWritable"): void {
    this.#log.push(call);
    const code = this.failures[call];
    if (code !== undefined) throw new FobError(code, `Memory: ${call} says ${code}`);
  }
}
