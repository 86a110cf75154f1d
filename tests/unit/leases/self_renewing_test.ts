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
const request = { profile: "https://h.example", provider: "databricks", owner, lifetime };

async function openSelfRenewing(machine: LeaseMachine, needs = machine.needs()): Promise<Lease> {
  return await openLease(request, selfRenewingRoot(new Secret(rootValue)), needs);
}

Deno.test("a self-renewing lease creates each token with the previous one", () =>
  withLeaseMachine(async (machine) => {
    const lease = await openSelfRenewing(machine);
    machine.server.delete(machine.rootId);
    for (let turn = 0; turn < 3; turn++) {
      machine.clock.advance(10 * minute);
      await lease.current();
      await lease.settled();
    }
    assert.equal(machine.server.count("token_create"), 4);
    await lease[Symbol.asyncDispose]();
    assert.deepEqual([machine.live(), await machine.noted(), machine.notices], [[], [], []]);
  }));

Deno.test("a self-renewing lease never revokes the pasted token", () =>
  withLeaseMachine(async (machine) => {
    const lease = await openSelfRenewing(machine);
    machine.clock.advance(10 * minute);
    await lease.current();
    await lease[Symbol.asyncDispose]();
    assert.deepEqual(machine.server.liveTokens().map(({ value }) => value), [rootValue]);
  }));

Deno.test("a self-renewing lease ends if no token is requested during the lifetime of one", () =>
  withLeaseMachine(async (machine) => {
    const lease = await openSelfRenewing(machine);
    machine.clock.advance(120 * minute);
    await assert.rejects(lease.current(), { code: "sign_in_again" });
    await lease[Symbol.asyncDispose]();
    assert.deepEqual(machine.live(), []);
  }));

Deno.test("a self-renewing lease works without records, with a notice", () =>
  withLeaseMachine(async (machine) => {
    const needs = machine.needs();
    const unwritable: typeof needs.records = {
      ...needs.records,
      open: () => Promise.reject(new FobError("io_failed", "Cannot write run records")),
    };
    const records = recordsOrNone(unwritable, needs.notice);
    const lease = await openSelfRenewing(machine, { ...needs, records });
    assert.equal(machine.live().length, 1);
    assert.match(machine.notices[0] ?? "", /^Cannot write run records\. If fob is killed/);
    await lease[Symbol.asyncDispose]();
    assert.deepEqual(machine.live(), []);
  }));
