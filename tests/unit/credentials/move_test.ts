import assert from "node:assert/strict";
import fc from "fast-check";
import { type Move, moveCredentials, type MoveNeeds } from "../../../src/credentials/move.ts";
import { present } from "../../../src/present.ts";
import { Secret } from "../../../src/secret.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { entry } from "../../fakes/stores/credentials.ts";
import {
  assertForeseen,
  type CutOff,
  CutOffStore,
  Steps,
} from "../../fakes/stores/cut_off_store.ts";
import type { MemoryStore } from "../../fakes/stores/memory_store.ts";

class Machine implements MoveNeeds {
  readonly from = new CutOffStore();
  readonly to = new CutOffStore();
  readonly log: string[] = [];
  readonly locks = new MemoryLocks(this.log);
  readonly lockLimit = 1_000;
  readonly uninterrupted = <T>(work: () => Promise<T>): Promise<T> => work();

  static async with(
    from: Readonly<Record<string, string>>,
    to: Readonly<Record<string, string>>,
  ): Promise<Machine> {
    const machine = new Machine();
    await fill(machine.from, from);
    await fill(machine.to, to);
    return machine;
  }

  set steps(steps: Steps) {
    this.from.steps = this.to.steps = steps;
  }

  state(): [Record<string, string>, Record<string, string>] {
    return [Object.fromEntries(this.from.contents()), Object.fromEntries(this.to.contents())];
  }
}

async function fill(store: MemoryStore, entries: Readonly<Record<string, string>>): Promise<void> {
  for (const [account, text] of Object.entries(entries)) {
    await store.set(account, new Secret(text));
  }
}

function summary({ moved, outdated, left }: Move): object {
  return { moved, outdated, left: left.map(({ facts }) => facts["account"]) };
}

Deno.test("every credential moves, and none stays in the old store", async () => {
  const [one, two] = [entry(1, 0), entry(2, 0)];
  const machine = await Machine.with({ "oidc:a": one, "oidc:b": two }, {});
  const move = await moveCredentials(machine);
  assert.deepEqual(summary(move), { moved: ["oidc:a", "oidc:b"], outdated: [], left: [] });
  assert.deepEqual(machine.state(), [{}, { "oidc:a": one, "oidc:b": two }]);
  assert.deepEqual(machine.log, ["take", "release", "take", "release"]);
});

Deno.test("the entry of a killed doctor check is not moved, and stops no move", async () => {
  const machine = await Machine.with({ "oidc:a": entry(1, 0), "probe:1": "x" }, {});
  const moved = await moveCredentials(machine);
  assert.deepEqual(summary(moved), { moved: ["oidc:a"], outdated: [], left: [] });
  assert.deepEqual(machine.state()[0], { "probe:1": "x" });
});

Deno.test("an older entry never replaces a newer one, and one entry remains", async () => {
  const [older, newer] = [entry(1, 0), entry(2, 1)];
  const late = await Machine.with({ "oidc:a": older }, { "oidc:a": newer });
  assert.deepEqual((await moveCredentials(late)).outdated, ["oidc:a"]);
  assert.deepEqual(late.state(), [{}, { "oidc:a": newer }]);
  const early = await Machine.with({ "oidc:a": newer }, { "oidc:a": older });
  assert.deepEqual((await moveCredentials(early)).moved, ["oidc:a"]);
  assert.deepEqual(early.state(), [{}, { "oidc:a": newer }]);
});

Deno.test("an entry that cannot be decoded is reported, and unchanged in both stores", async () => {
  const good = entry(1, 0);
  for (const [here, there] of [["{}", good], [good, "{}"], ['{"v":9}', undefined]] as const) {
    const target = present({ "oidc:a": there });
    const machine = await Machine.with({ "oidc:a": here, "oidc:b": good }, target);
    const move = await moveCredentials(machine);
    assert.deepEqual(summary(move), { moved: ["oidc:b"], outdated: [], left: ["oidc:a"] });
    assert.deepEqual(machine.state(), [{ "oidc:a": here }, { ...target, "oidc:b": good }]);
  }
});

Deno.test("after a write that timed out, nothing is deleted", async () => {
  const machine = await Machine.with({ "oidc:a": entry(1, 0) }, {});
  machine.to.failure = "store_timeout";
  await assert.rejects(moveCredentials(machine), { code: "store_timeout" });
  assert.equal(machine.from.contents().size, 1);
});

Deno.test("the only copy is not deleted if the other store reads back another value", async () => {
  const machine = await Machine.with({ "oidc:a": entry(1, 0) }, {});
  machine.to.set = () => Promise.resolve();
  await assert.rejects(moveCredentials(machine), { code: "store_failed" });
  assert.equal(machine.from.contents().size, 1);
});

Deno.test("a credential that was deleted meanwhile is not restored", async () => {
  const machine = await Machine.with({ "oidc:a": entry(1, 0) }, {});
  const { take } = machine.locks;
  machine.locks.take = async (name) => {
    await machine.from.delete(name);
    return await take.call(machine.locks, name);
  };
  assert.deepEqual(summary(await moveCredentials(machine)), { moved: [], outdated: [], left: [] });
  assert.deepEqual(machine.state(), [{}, {}]);
});

/** Entries of two stores: some accounts are in both, and some entries cannot be decoded. */
const accounts = ["oidc:a", "oidc:b", "token:c"] as const;
const entries = fc.dictionary(
  fc.constantFrom(...accounts),
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.nat(3), fc.nat(3)).map(([turn, age]) => entry(turn, age)) },
    { weight: 1, arbitrary: fc.constant('{"v":9}') },
  ),
);

Deno.test("property: a move that is interrupted at any step and repeated ends like an uninterrupted one", async () => {
  await fc.assert(fc.asyncProperty(
    entries,
    entries,
    fc.array(fc.tuple(fc.nat(20), fc.constantFrom<CutOff>("before", "after")), { maxLength: 3 }),
    async (from, to, cuts) => {
      const uninterrupted = await Machine.with(from, to);
      await moveCredentials(uninterrupted);
      const machine = await Machine.with(from, to);
      for (const [left, cutOff] of cuts) {
        machine.steps = new Steps(left, cutOff);
        await moveCredentials(machine).catch(assertForeseen);
      }
      machine.steps = new Steps();
      await moveCredentials(machine);
      assert.deepEqual(machine.state(), uninterrupted.state());
    },
  ));
});

Deno.test("property: at every step, each secret is in a store, unless a newer one of its account was read", async () => {
  await fc.assert(fc.asyncProperty(
    entries,
    entries,
    fc.nat(20),
    fc.constantFrom<CutOff>("before", "after"),
    async (from, to, left, cutOff) => {
      const machine = await Machine.with(from, to);
      const watch = (): void => {
        for (const [account, text] of [...Object.entries(from), ...Object.entries(to)]) {
          assertKept(account, text, machine);
        }
      };
      machine.steps = new Steps(left, cutOff, watch);
      await moveCredentials(machine).catch(assertForeseen);
      watch();
    },
  ));
});

/** Whether a store holds `text`, or an entry of the account that is not older. */
function assertKept(account: string, text: string, { from, to }: Machine): void {
  const kept = [from, to].map((store) => store.contents().get(account));
  const isKept = kept.includes(text) ||
    kept.some((other) => other !== undefined && ageOf(other) >= ageOf(text));
  assert.ok(isKept, `${account} is lost`);
}

function ageOf(text: string): number {
  const { obtained_at: time } = JSON.parse(text);
  return time === undefined ? Infinity : Date.parse(time);
}

Deno.test("property: a secret is deleted only after its copy was read back", async () => {
  const calls: string[] = [];
  const machine = await Machine.with({ "oidc:a": entry(1, 0) }, {});
  for (const [name, store] of Object.entries({ from: machine.from, to: machine.to })) {
    for (const call of ["get", "set", "delete"] as const) {
      const plain = store[call].bind(store) as (...args: unknown[]) => Promise<never>;
      store[call] = (...args: unknown[]) => {
        calls.push(`${name} ${call}`);
        return plain(...args);
      };
    }
  }
  await moveCredentials(machine);
  assert.deepEqual(calls, ["from get", "to get", "to set", "to get", "from delete"]);
});
