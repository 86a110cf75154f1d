import assert from "node:assert/strict";
import fc from "fast-check";
import { readCredential } from "../../../src/credentials/envelope.ts";
import type { FobError } from "../../../src/errors.ts";
import { backupOf, ledgerLock } from "../../../src/ledger/ledger.ts";
import { migrate, type MigrateNeeds, undoMigration } from "../../../src/migrate/migrate.ts";
import { planMigration } from "../../../src/migrate/plan.ts";
import type { Source } from "../../../src/migrate/source.ts";
import { databricks } from "../../../src/migrate/sources/databricks.ts";
import { gh } from "../../../src/migrate/sources/gh.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { MemoryTextFile } from "../../fakes/machine/memory_text_file.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";
import { MemoryNotes } from "../../fakes/machine/tool_machine.ts";
import { noon, revealed } from "../../fakes/stores/credentials.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";

/** Thrown when a machine stops. */
class Stopped extends Error {}

/** A machine with another tool's files. It stops before its `stopAt`th change. */
class Machine implements MigrateNeeds {
  readonly clock = new FakeClock(noon);
  readonly locks = new MemoryLocks();
  readonly uninterrupted = <T>(work: () => Promise<T>): Promise<T> => work();
  readonly store: MemoryStore;
  readonly profileFile: MemoryUserFile;
  readonly files: readonly MemoryTextFile[];
  readonly source: Source;
  readonly notes: StoppingNotes;
  stopAt = Infinity;
  changes = 0;

  constructor(source: Source, ...texts: string[]) {
    this.source = source;
    const before = (): void => this.change();
    this.files = texts.map((text, i) => new MemoryTextFile(text, `file${i}`, before));
    this.store = new StoppingStore(before);
    this.notes = new StoppingNotes(before);
    this.profileFile = new StoppingUserFile(before);
  }

  change(): void {
    if (++this.changes >= this.stopAt) throw new Stopped();
  }

  /** One run of `fob migrate`. */
  async run(remove: "remove" | "leave", take: readonly string[] = []): Promise<void> {
    await migrate(await planMigration({ profiles: [], take }, this), remove, this);
  }

  /** The profiles, files and credentials after a run. */
  async state(): Promise<unknown> {
    const accounts = await this.store.list();
    return {
      profiles: this.profileFile.text,
      files: this.files.map(({ text, backup }) => [text, backup]),
      credentials: await Promise.all(
        accounts.map(async (it) => [it, revealed(await readCredential(it, this.store))]),
      ),
    };
  }

  async holds(secret: string): Promise<boolean> {
    const accounts = await this.store.list();
    const kept = await Promise.all(accounts.map((account) => readCredential(account, this.store)));
    return kept.some((it) => it?.kind === "pat" && it.token.reveal() === secret);
  }
}

class StoppingNotes extends MemoryNotes {
  readonly #before: () => void;

  constructor(before: () => void) {
    super();
    this.#before = before;
  }

  override async write(name: string, text: string): Promise<void> {
    this.#before();
    await super.write(name, text);
  }

  override async remove(name: string): Promise<void> {
    this.#before();
    await super.remove(name);
  }
}

class StoppingStore extends MemoryStore {
  readonly #before: () => void;

  constructor(before: () => void) {
    super();
    this.#before = before;
  }

  override async set(account: string, secret: Secret): Promise<void> {
    this.#before();
    await super.set(account, secret);
  }
}

class StoppingUserFile extends MemoryUserFile {
  readonly #before: () => void;

  constructor(before: () => void) {
    super("; mine\n");
    this.#before = before;
  }

  override async change(edit: (text: string) => string): Promise<void> {
    if (edit(this.text) !== this.text) this.#before();
    await super.change(edit);
  }
}

const hosts = `github.com:
    users:
        ada:
            oauth_token: gho_ada # hers
        bob:
            oauth_token: gho_bob
    oauth_token: gho_ada
    user: ada
`;
const left = `github.com:
    users:
        ada:
        bob:
    user: ada
`;
const config =
  "; mine\r\n[w]\r\nhost = https://w.example\r\ntoken = dapi-w\r\n\n[v]\nhost=v.example\n";
const expiry = "2026-01-02T13:00:00Z";
const cache = `{"version":1, "tokens":{"v":{"access_token":"at-v","refresh_token":"rt-v",
  "expiry":"${expiry}"},"https://x.example":{"access_token":"at-x","expiry":"${expiry}"}}}`;

/** The cases of the tests below: how to create a machine, and its secrets. */
const machines: readonly [string, () => Machine, readonly string[]][] = [
  ["gh", () => new Machine(gh, hosts), ["gho_ada", "gho_bob"]],
  ["databricks", () => new Machine(databricks, config, cache), ["dapi-w", "at-v", "at-x"]],
];
const offers: Readonly<Record<string, string[]>> = { databricks: ["https://x.example"], gh: [] };

/** Runs on machines that stop before each change in turn, and calls `stopped` after each stop. */
async function stopEverywhere(
  make: () => Machine,
  run: (machine: Machine) => Promise<void>,
  stopped: (machine: Machine) => Promise<void>,
): Promise<number> {
  for (let stopAt = 1;; stopAt++) {
    const machine = make();
    machine.stopAt = stopAt;
    try {
      await run(machine);
      return stopAt - 1;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      machine.stopAt = Infinity;
      await stopped(machine);
    }
  }
}

Deno.test("a plan changes nothing", async () => {
  const machine = new Machine(databricks, config, cache);
  const before = await machine.state();
  const { steps } = await planMigration({ profiles: [], take: [] }, machine);
  assert.deepEqual(steps.map(({ prospect: { kind } }) => kind), [
    "keep",
    "keep",
    "refused",
    "offered",
  ]);
  assert.deepEqual(await machine.state(), before);
  assert.equal(machine.changes, 0);
});

Deno.test("a migration stores the tokens and leaves the tool's file unchanged", async () => {
  const machine = new Machine(gh, hosts);
  await machine.run("leave");
  assert.deepEqual([machine.files[0]?.text, machine.files[0]?.backup], [hosts, ""]);
  assert.deepEqual(revealed(await readCredential("token:bob@github.com", machine.store)), {
    kind: "pat",
    host: "https://github.com",
    token: "gho_bob",
    obtainedAt: noon,
  });
  assert.match(machine.profileFile.text, /^\[github\.com\]\nprovider = token\nhost = /m);
});

Deno.test("remove cuts only the lines of the secrets, and undo restores them", async () => {
  const machine = new Machine(gh, hosts);
  await machine.run("remove");
  assert.deepEqual([machine.files[0]?.text, machine.files[0]?.backup], [left, hosts]);
  await undoMigration(machine);
  assert.deepEqual([machine.files[0]?.text, machine.files[0]?.backup], [hosts, ""]);
  await assert.rejects(undoMigration(machine), { code: "declined", message: /^Nothing to undo/ });
});

Deno.test("another tool's file is changed under the lock of the ledger", async () => {
  const machine = new Machine(gh, hosts);
  const other = await machine.locks.take(ledgerLock);
  const { promise: atLock, resolve } = Promise.withResolvers<void>();
  const take = machine.locks.take.bind(machine.locks);
  machine.locks.take = (name) => {
    if (name === ledgerLock) resolve();
    return take(name);
  };
  const running = machine.run("remove");
  await Promise.race([atLock, running]);
  assert.equal(machine.files[0]?.text, hosts);
  other[Symbol.dispose]();
  await running;
  assert.equal(machine.files[0]?.text, left);
});

Deno.test("a skipped or offered secret stays in the file, also with remove", async () => {
  const machine = new Machine(databricks, config, cache);
  await machine.run("remove");
  assert.equal(machine.files[0]?.text, config.replace("token = dapi-w\r\n", ""));
  assert.equal(machine.files[1]?.text, cache.replace("at-v", ""));
  await machine.run("remove", ["https://x.example"]);
  assert.equal(machine.files[1]?.text, cache.replace("at-v", "").replace("at-x", ""));
  assert.equal(machine.files[1]?.backup, cache);
  await undoMigration(machine);
  assert.deepEqual(machine.files.map(({ text }) => text), [config, cache]);
});

for (const [name, make, secrets] of machines) {
  const run = (machine: Machine): Promise<void> => machine.run("remove", offers[name]);

  Deno.test(`${name}: a migration stopped anywhere and run again ends in the same state`, async () => {
    const whole = make();
    await run(whole);
    const stops = await stopEverywhere(make, run, async (machine) => {
      const { steps } = await planMigration({ profiles: [], take: [] }, machine);
      const there = steps.map(({ finding }) => finding.offeredAs);
      await machine.run("remove", offers[name]?.filter((address) => there.includes(address)));
      assert.deepEqual(await machine.state(), await whole.state());
    });
    assert.ok(stops >= 2 * secrets.length + 2, `${stops} stops`);
  });

  Deno.test(`${name}: wherever a migration stops, every secret is in the file or in the store`, async () => {
    await stopEverywhere(make, run, async (machine) => {
      const text = machine.files.map((file) => file.text).join("");
      for (const secret of secrets) assert.ok(text.includes(secret) || await machine.holds(secret));
    });
  });

  Deno.test(`${name}: an undo stopped anywhere and run again restores every byte`, async () => {
    const texts = make().files.map(({ text }) => text);
    for (let stopAt = 1;; stopAt++) {
      const machine = make();
      await run(machine);
      machine.stopAt = machine.changes + stopAt;
      const isDone = await undoMigration(machine).then(() => true, (error) => {
        if (!(error instanceof Stopped)) throw error;
        return false;
      });
      if (isDone) break;
      machine.stopAt = Infinity;
      await undoMigration(machine);
      assert.deepEqual(
        machine.files.map(({ text, backup }) => [text, backup]),
        texts.map((it) => [it, ""]),
      );
    }
  });
}

Deno.test("after a removal stopped anywhere and run again, no backup has the removed secrets", async () => {
  const make = (): Machine => {
    const machine = new Machine(gh, hosts);
    machine.files[0]!.beside(".connect.fob-backup").text = hosts;
    return machine;
  };
  const stops = await stopEverywhere(make, (machine) => machine.run("remove"), async (machine) => {
    await machine.run("remove");
    const copy = await backupOf(machine.files[0]!, "connect").read();
    assert.deepEqual([machine.files[0]?.text, copy], [left, left]);
  });
  assert.ok(stops > 4, `${stops} stops`);
});

Deno.test("a profile with another provider or host is not overwritten, and nothing is migrated", async () => {
  for (const other of ["provider = oidc", "provider = token\nhost = https://other.example"]) {
    const machine = new Machine(gh, hosts);
    machine.profileFile.text = `[bob@github.com]\n${other}\n`;
    const before = await machine.state();
    await assert.rejects(machine.run("remove"), { code: "usage", message: /"bob@github\.com"/ });
    assert.deepEqual(await machine.state(), before);
  }
});

Deno.test("another token under the same name and host is not replaced", async () => {
  const machine = new Machine(gh, hosts);
  await machine.run("leave");
  machine.files[0]!.text = hosts.replaceAll("gho_ada", "gho_new");
  await assert.rejects(machine.run("leave"), { code: "usage", message: /"github\.com"/ });
  assert.ok(await machine.holds("gho_ada"));
});

Deno.test("only the named profiles are migrated", async () => {
  const machine = new Machine(gh, hosts);
  const plan = await planMigration({ profiles: ["bob@github.com"], take: [] }, machine);
  await migrate(plan, "remove", machine);
  assert.deepEqual(await machine.store.list(), ["token:bob@github.com"]);
  assert.equal(machine.files[0]?.text, hosts.replace(/^.*gho_bob\n/m, ""));
  await assert.rejects(planMigration({ profiles: ["eve"], take: [] }, machine), { code: "usage" });
  await assert.rejects(planMigration({ profiles: [], take: ["eve"] }, machine), { code: "usage" });
});

Deno.test("of two secrets with one name, the first is migrated and the other is left", async () => {
  const machine = new Machine(databricks, "[a b]\ntoken = d1\n[a-b]\ntoken = d2\n", "");
  await machine.run("remove");
  assert.equal(machine.files[0]?.text, "[a b]\n[a-b]\ntoken = d2\n");
});

Deno.test("a secret that reads back differently from the store is not removed from its file", async () => {
  const machine = new Machine(gh, hosts);
  machine.store.get = () =>
    Promise.resolve(new Secret('{"v":1,"kind":"pat","token":"x","obtained_at":"2026-01-01"}'));
  await assert.rejects(machine.run("remove"), (error: FobError) => {
    assert.equal(error.code, "store_failed");
    assert.doesNotMatch(error.message, /gho_/);
    return true;
  });
  assert.equal(machine.files[0]?.text, hosts);
});

Deno.test("if another program has changed a file since, undo restores no file", async () => {
  const machine = new Machine(databricks, config, cache);
  await machine.run("remove");
  machine.files[1]!.text += "\n";
  const before = await machine.state();
  await assert.rejects(undoMigration(machine), {
    code: "declined",
    message: /"file1" has changed/,
  });
  assert.deepEqual(await machine.state(), before);
});

Deno.test("a file that changes while it is read is left unchanged", async () => {
  const machine = new Machine(gh, hosts);
  const plan = await planMigration({ profiles: [], take: [] }, machine);
  machine.files[0]!.text += "\n";
  await assert.rejects(migrate(plan, "remove", machine), {
    code: "declined",
    message: /is being changed/,
  });
  assert.deepEqual([machine.files[0]?.text, machine.files[0]?.backup], [`${hosts}\n`, ""]);
});

Deno.test("no more is removed from a file that was changed since its backup", async () => {
  const machine = new Machine(databricks, config, cache);
  await machine.run("remove");
  machine.files[1]!.text += "\n";
  const before = machine.files.map(({ text, backup }) => [text, backup]);
  await assert.rejects(machine.run("remove", ["https://x.example"]), {
    code: "declined",
    message: /"file1" has changed/,
  });
  assert.deepEqual(machine.files.map(({ text, backup }) => [text, backup]), before);
});

Deno.test("a second removal stopped anywhere can be repeated and undone", async () => {
  const cases = async (): Promise<Machine> => {
    const machine = new Machine(databricks, config, cache);
    await machine.run("remove");
    return machine;
  };
  for (let stopAt = 1, isDone = false; !isDone; stopAt++) {
    for (const next of ["again", "undo"]) {
      const machine = await cases();
      machine.stopAt = machine.changes + stopAt;
      isDone = await machine.run("remove", ["https://x.example"]).then(() => true, (error) => {
        if (!(error instanceof Stopped)) throw error;
        return false;
      });
      machine.stopAt = Infinity;
      const isLeft = machine.files[1]!.text.includes("at-x");
      if (next === "again" && isLeft) await machine.run("remove", ["https://x.example"]);
      if (next === "again") assert.doesNotMatch(machine.files[1]!.text, /at-/);
      await undoMigration(machine);
      assert.deepEqual(
        machine.files.map(({ text, backup }) => [text, backup]),
        [[config, ""], [cache, ""]],
      );
      assert.equal(machine.notes.texts.size, 0);
    }
  }
});

Deno.test("a backup that was deleted is created again by the next removal, and undo needs one", async () => {
  const machine = new Machine(gh, hosts);
  await machine.run("remove");
  await backupOf(machine.files[0]!, "migrate").remove();
  await assert.rejects(undoMigration(machine), { code: "declined", message: /^Nothing to undo/ });
  const more = `${left}git.example:\n    oauth_token: gho_eve\n`;
  machine.files[0]!.text = more;
  await machine.run("remove");
  assert.deepEqual([machine.files[0]?.text, machine.files[0]?.backup], [
    `${left}git.example:\n`,
    more,
  ]);
  await undoMigration(machine);
  assert.equal(machine.files[0]?.text, more);
});

Deno.test("a backup without a record is neither replaced nor restored", async () => {
  const machine = new Machine(gh, hosts);
  machine.files[0]!.backup = "theirs";
  const message = /has no record .* Restore its backup "file0\.fob-backup" by hand/;
  await assert.rejects(machine.run("remove"), { code: "declined", message });
  await assert.rejects(undoMigration(machine), { code: "declined", message });
  assert.deepEqual([machine.files[0]?.text, machine.files[0]?.backup], [hosts, "theirs"]);
});

const line = fc.oneof(
  fc.constantFrom("[a]", "[b]", "; c", "", "  ", "host = a.example", "x = y ; z", "odd", "\tk:v"),
  fc.nat(9).map((n) => `token = dapi${n} ; note`),
);

Deno.test("for any INI text, remove cuts whole lines with a token, and undo is its inverse", async () => {
  const text = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n")).map((it) => it.join("")))
    .map((lines) => lines.join(""));
  await fc.assert(fc.asyncProperty(text, async (before) => {
    const machine = new Machine(databricks, before, "");
    await machine.run("remove");
    const after = machine.files[0]?.text ?? "";
    const gone = before.match(/[^\n]*\n/g)?.filter((it) => !it.startsWith("token")) ?? [];
    assert.deepEqual(after.match(/[^\n]*\n/g)?.filter((it) => !it.startsWith("token")) ?? [], gone);
    if (after === before) return;
    await undoMigration(machine);
    assert.equal(machine.files[0]?.text, before);
  }));
});
