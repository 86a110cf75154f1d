import type { MintNeeds } from "../../../src/leases/open.ts";
import type { RunRecord } from "../../../src/system/files/run_records.ts";

/**
 * A lease run that is killed at one of its steps: before or after a call of the server or a change of
 * its record. After that, it does nothing more, and its locks are released.
 */
export class KilledRun {
  /** Resolves to the name of the step at which it was killed. */
  readonly death: Promise<string>;
  readonly #die: (step: string) => void;
  readonly #records: RunRecord[] = [];
  #stepsLeft: number;

  constructor(steps: number) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.death = promise;
    this.#die = resolve;
    this.#stepsLeft = steps;
  }

  /** Wraps `needs` for this run. */
  bind({ issuer, records, ...needs }: MintNeeds): MintNeeds {
    return {
      ...needs,
      issuer: {
        host: issuer.host,
        identify: (token) => issuer.identify(token),
        mint: (by, wish) => this.#around("mint", () => issuer.mint(by, wish)),
        list: (by) => this.#around("list", () => issuer.list(by)),
        revoke: (by, id) => this.#around("revoke", () => issuer.revoke(by, id)),
      },
      records: {
        look: () => records.look(),
        adopt: async (id) => {
          const record = await this.#around("adopt", () => this.#hold(() => records.adopt(id)));
          return record && this.#wrapRecord(record);
        },
        open: async (id) =>
          this.#wrapRecord(await this.#around("open", () => this.#hold(() => records.open(id)))),
      },
    };
  }

  #wrapRecord(record: RunRecord): RunRecord {
    return {
      id: record.id,
      read: () => record.read(),
      write: (text) => this.#around("write", () => record.write(text)),
      remove: () => this.#around("remove", () => record.remove()),
      [Symbol.dispose]: () => record[Symbol.dispose](),
    };
  }

  async #hold<T extends RunRecord | undefined>(open: () => Promise<T>): Promise<T> {
    const record = await open();
    if (record !== undefined) this.#records.push(record);
    return record;
  }

  async #around<T>(step: string, act: () => Promise<T>): Promise<T> {
    await this.#step(`before ${step}`);
    const done = await act();
    await this.#step(`after ${step}`);
    return done;
  }

  async #step(name: string): Promise<void> {
    if (this.#stepsLeft-- > 0) return;
    for (const record of this.#records) record[Symbol.dispose]();
    this.#die(name);
    await new Promise(() => {});
  }
}
