import { decodeNote, type LeaseNote } from "../../../src/leases/journal.ts";
import type { Lease } from "../../../src/leases/lease.ts";
import { type MintNeeds, openLease } from "../../../src/leases/open.ts";
import { type Sweep, sweepLeases } from "../../../src/leases/sweep.ts";
import { databricksTokens } from "../../../src/providers/databricks/tokens.ts";
import { Secret } from "../../../src/secret.ts";
import { runRecords } from "../../../src/system/files/run_records.ts";
import { DatabricksServer } from "../servers/databricks_server.ts";
import { minute, noon } from "../stores/credentials.ts";
import { FakeClock } from "./clock.ts";
import { makeTemporaryDirectory, type TemporaryDirectory } from "./temporary_directory.ts";

/** The owner of the tokens at the fake host. */
export const owner = "ada@example.com";
/** The value of the login's own token. */
export const rootValue = "dapi-root-of-ada";

/** Real lease records and a fake Databricks host with one fake clock. */
export class LeaseMachine implements AsyncDisposable {
  readonly clock = new FakeClock(noon);
  readonly server = new DatabricksServer({ now: () => this.clock.now() });
  readonly notices: string[] = [];
  readonly state: string;
  readonly rootId: string;
  root = new Secret(rootValue);
  readonly #notes = new Map<string, string>();
  readonly #directory: TemporaryDirectory;

  constructor(directory: TemporaryDirectory) {
    this.#directory = directory;
    this.state = `${directory.path}/state`;
    this.rootId = this.server.addToken({ comment: "by hand", lifetime: 864_000 }, rootValue).info
      .token_id;
  }

  /** The services of a run. `timeLimit`: time limit for responses of the server, in milliseconds. */
  needs(timeLimit = 5_000): MintNeeds {
    const { clock, notices } = this;
    const notice = (text: string): void => void notices.push(text);
    return {
      clock,
      notice,
      random: () => 1,
      issuer: databricksTokens(this.server.host.origin, {
        fetch,
        now: () => clock.now(),
        timeLimit,
      }),
      records: runRecords({ config: "", state: this.state }, clock, notice),
      notes: {
        read: (name) => Promise.resolve(this.#notes.get(name)),
        write: (name, text) => Promise.resolve(void this.#notes.set(name, text)),
        remove: (name) => Promise.resolve(void this.#notes.delete(name)),
      },
    };
  }

  /** Opens a lease, by default for 15 minutes. */
  async open(needs: MintNeeds = this.needs(), lifetime = 15 * minute): Promise<Lease> {
    const wish = { profile: "work", provider: "databricks", owner, keep: this.rootId, lifetime };
    return await openLease(wish, () => Promise.resolve(this.root), needs);
  }

  /** The IDs of the active tokens at the server, without the login's own token. */
  live(): string[] {
    return this.server.liveTokens().map(({ info }) => info.token_id)
      .filter((id) => id !== this.rootId);
  }

  /** The values of these tokens. */
  liveValues(): string[] {
    return this.server.liveTokens().map(({ value }) => value).filter((it) => it !== rootValue);
  }

  /** The lease records, and whether their runs are alive. */
  async noted(): Promise<(LeaseNote & { isAlive: boolean })[]> {
    return (await this.needs().records.look()).map(({ text, isAlive }) => {
      const note = decodeNote(text);
      if (note === undefined) throw new Error(`Not a note: ${text}`);
      return { ...note, isAlive };
    });
  }

  /** Sweeps leases like the next run at its start. */
  async sweep(): Promise<Sweep> {
    const { issuer } = this.needs();
    const sweeper = { issuer, by: this.root, owner, profile: "work", keep: this.rootId };
    return await sweepLeases(sweeper, this.needs());
  }

  /** The number of requests to a route, failed or not. */
  attempts(route: string): number {
    return this.server.requests.filter((it) => it.route === route).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await this.#directory[Symbol.asyncDispose]();
  }
}

/** Runs `body` with a new machine. */
export async function withLeaseMachine(
  body: (machine: LeaseMachine) => Promise<void>,
): Promise<void> {
  await using machine = new LeaseMachine(await makeTemporaryDirectory());
  await body(machine);
}
