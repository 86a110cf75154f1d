import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import type { Lease } from "../../../src/leases/lease.ts";
import { openLease } from "../../../src/leases/open.ts";
import { recordsOrNone, selfRenewingRoot } from "../../../src/leases/self_renewing.ts";
import { Secret } from "../../../src/secret.ts";
import {
  type LeaseMachine,
  owner,
  rootValue,
  withLeaseMachine,
} from "../../fakes/machine/lease_machine.ts";
import { minute } from "../../fakes/stores/credentials.ts";

const lifetime = 15 * minute;
const wish = { profile: "https://h.example", provider: "databricks", owner, lifetime };

async function openSelfRenewing(machine: LeaseMachine, needs = machine.needs()): Promise<Lease> {
  return await openLease(wish, selfRenewingRoot(new Secret(rootValue)), needs);
}

Deno.test("each token of a chain is made with the one before, and the pasted one only the first", () =>
  withLeaseMachine(async (machine) => {
    const chain = await openSelfRenewing(machine);
    machine.server.delete(machine.rootId);
    for (let turn = 0; turn < 3; turn++) {
      machine.clock.advance(10 * minute);
      await chain.current();
      await chain.settled();
    }
    assert.equal(machine.server.count("token_create"), 4);
    await chain[Symbol.asyncDispose]();
    assert.deepEqual([machine.live(), await machine.noted(), machine.notices], [[], [], []]);
  }));

Deno.test("the pasted token is never ended by a chain", () =>
  withLeaseMachine(async (machine) => {
    const chain = await openSelfRenewing(machine);
    machine.clock.advance(10 * minute);
    await chain.current();
    await chain[Symbol.asyncDispose]();
    assert.deepEqual(machine.server.liveTokens().map(({ value }) => value), [rootValue]);
  }));

Deno.test("a chain of which nobody asks for longer than a token lives has ended: that is its price", () =>
  withLeaseMachine(async (machine) => {
    const chain = await openSelfRenewing(machine);
    machine.clock.advance(120 * minute);
    await assert.rejects(chain.current(), { code: "sign_in_again" });
    await chain[Symbol.asyncDispose]();
    assert.deepEqual(machine.live(), []);
  }));

Deno.test("a machine that cannot note anything is told what that means, and leases all the same", () =>
  withLeaseMachine(async (machine) => {
    const needs = machine.needs();
    const unwritable: typeof needs.records = {
      ...needs.records,
      open: () => Promise.reject(new FobError("io_failed", "Cannot write run records")),
    };
    const records = recordsOrNone(unwritable, needs.notice);
    const chain = await openSelfRenewing(machine, { ...needs, records });
    assert.equal(machine.live().length, 1);
    assert.match(machine.notices[0] ?? "", /^Cannot write run records\. If fob is killed/);
    await chain[Symbol.asyncDispose]();
    assert.deepEqual(machine.live(), []);
  }));
