import assert from "node:assert/strict";
import fc from "fast-check";
import { switchStore } from "../../../src/credentials/switch_store.ts";
import { FobError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { entry } from "../../fakes/stores/credentials.ts";
import {
  assertForeseen,
  type CutOff,
  CutOffStore,
  Steps,
} from "../../fakes/stores/cut_off_store.ts";

const accounts = ["oidc:a", "oidc:b", "token:c"];

class Machine {
  readonly from = new CutOffStore();
  readonly to = new CutOffStore();
  readonly log: string[] = [];
  readonly locks = new MemoryLocks(this.log);
  readonly lockLimit = 1_000;
  readonly uninterrupted = <T>(work: () => Promise<T>): Promise<T> => work();
  /** The store in use. */
  asked = this.from;

  /** Each account is in the first store; the other store has older entries of some. */
  static async with(older: readonly string[] = []): Promise<Machine> {
    const machine = new Machine();
    for (const [i, account] of accounts.entries()) {
      await machine.from.set(account, new Secret(entry(i, 1)));
    }
    for (const account of older) await machine.to.set(account, new Secret(entry(9, 0)));
    return machine;
  }

  readonly settle = (): Promise<void> => {
    this.log.push("settle");
    this.asked = this.to;
    return Promise.resolve();
  };

  begin(steps: Steps): void {
    this.from.steps = this.to.steps = steps;
  }

  signedIn(): string[] {
    return [...this.asked.contents().keys()].toSorted();
  }
}

Deno.test("all locks are held from the first copy to the last deletion", async () => {
  const machine = await Machine.with();
  const { moved } = await switchStore(machine);
  assert.deepEqual(moved, accounts);
  assert.deepEqual(machine.from.contents().size, 0);
  assert.deepEqual(machine.signedIn(), accounts);
  const takes = accounts.map(() => "take");
  assert.deepEqual(machine.log, [...takes, "settle", ...accounts.map(() => "release")]);
});

Deno.test("nothing is deleted if the setting cannot be written", async () => {
  const machine = await Machine.with();
  const failure = new FobError("io_failed", "No");
  await assert.rejects(
    switchStore({ ...machine, settle: () => Promise.reject(failure) }),
    failure,
  );
  assert.deepEqual(machine.signedIn(), accounts);
});

Deno.test("property: after an interrupt at any step, the store in use holds every login, and a repeated run finishes", async () => {
  await fc.assert(fc.asyncProperty(
    fc.subarray(accounts),
    fc.nat(30),
    fc.constantFrom<CutOff>("before", "after"),
    async (older, left, cutOff) => {
      const machine = await Machine.with(older);
      machine.begin(new Steps(left, cutOff));
      await switchStore(machine).catch(assertForeseen);
      for (const [i, account] of accounts.entries()) {
        assert.equal(machine.asked.contents().get(account), entry(i, 1));
      }
      machine.begin(new Steps());
      await switchStore(machine);
      assert.deepEqual(machine.signedIn(), accounts);
      assert.equal(machine.from.contents().size, 0);
    },
  ));
});
