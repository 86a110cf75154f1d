/**
 * The failures of the token rotation that leases replace (rotation-and-agents.md, section 1.6), each by its name
 * there, and how a lease behaves.
 */
import assert from "node:assert/strict";
import { pastedToken } from "../../../src/tokens/static_token.ts";
import {
  type LeaseMachine,
  rootValue,
  withLeaseMachine,
} from "../../fakes/machine/lease_machine.ts";
import { withHome } from "../../fakes/servers/pasted_token_home.ts";
import { minute } from "../../fakes/stores/credentials.ts";

const life = 15 * minute;
const renewal = 10 * minute;

async function assertNothingLeft(machine: LeaseMachine): Promise<void> {
  assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
}

Deno.test("create, network error: one failed attempt is not fatal", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    const { token } = await lease.current();
    machine.clock.advance(renewal);
    await machine.server.fault("token_create", "refuse");
    assert.ok((await lease.current()).token.equals(token));
    await machine.server.fault("token_create", undefined);
    machine.clock.advance(minute);
    const next = await lease.current();
    assert.ok(!next.token.equals(token));
    assert.ok((next.expiresAt ?? 0) > machine.clock.now() + renewal);
    await lease[Symbol.asyncDispose]();
    await assertNothingLeft(machine);
  }));

for (
  const [fault, code] of [
    ["401", "sign_in_again"],
    ["403", "sign_in_again"],
    ["429:3600", "provider_unreachable"],
    ["500", "provider_unreachable"],
    ["400", "provider_refused"],
  ] as const
) {
  Deno.test(`create, not 200: ${fault} is ${code}, without the body`, () =>
    withLeaseMachine(async (machine) => {
      await machine.server.fault("token_create", fault);
      await assert.rejects(machine.open(), (error) => {
        const text = Deno.inspect(error, { depth: 9 });
        assert.match(text, new RegExp(code));
        assert.doesNotMatch(text, /<title>|doctype/);
        return true;
      });
      await assertNothingLeft(machine);
    }));
}

Deno.test("create, 200 with invalid JSON: the created token is not lost", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    machine.clock.advance(renewal);
    await machine.server.fault("token_create", "other", 1);
    const before = await lease.current();
    assert.equal(machine.live().length, 2);
    machine.clock.advance(minute);
    const next = await lease.current();
    await lease.settled();
    const held = [before, next].map(({ token }) => token.reveal());
    assert.deepEqual(machine.liveValues(), held);
    await lease[Symbol.asyncDispose]();
    await assertNothingLeft(machine);
  }));

Deno.test("create timed out after the server created the token: no orphan", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open(machine.needs(150));
    machine.clock.advance(renewal);
    await machine.server.fault("token_create", "mute", 1);
    await lease.current();
    assert.equal(machine.live().length, 2, "the token in use, and one without a response");
    await lease[Symbol.asyncDispose]();
    await assertNothingLeft(machine);
  }));

Deno.test("delete, any failure: the ID stays noted, and the notice has the expiry", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    machine.clock.advance(5 * minute);
    await machine.server.fault("token_delete", "500");
    await lease[Symbol.asyncDispose]();
    const [note] = await machine.noted();
    assert.deepEqual(note?.tokens.map(({ id }) => id), machine.live());
    const end = new Date(machine.server.liveTokens().at(-1)?.info.expiry_time ?? 0).toISOString();
    assert.ok(machine.notices.join().includes(`may stay valid until ${end}`));
    await machine.server.fault("token_delete", undefined);
    await machine.sweep();
    await assertNothingLeft(machine);
  }));

Deno.test("file write fails: no caller has a revoked token", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    const { token, expiresAt = 0 } = await lease.current();
    await Deno.remove(`${machine.state}/leases`, { recursive: true });
    machine.clock.advance(renewal);
    assert.ok((await lease.current()).token.equals(token));
    assert.match(machine.notices.join(), /Cannot write the lease journal/);
    assert.equal(machine.live().length, 1, "no token is created without a note");
    assert.ok(machine.clock.now() < expiresAt);
    await lease[Symbol.asyncDispose]();
    assert.deepEqual(machine.live(), []);
  }));

Deno.test("idle past expiry: the next request gets a token without a paste", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    machine.clock.advance(10 * life);
    const { token } = await lease.current();
    assert.deepEqual(machine.liveValues(), [token.reveal()]);
    await lease[Symbol.asyncDispose]();
    await assertNothingLeft(machine);
  }));

Deno.test("session opened 10 to 15 minutes after the last mint: it gets a fresh token at once", () =>
  withLeaseMachine(async (machine) => {
    for (const age of [renewal, 12 * minute, life - 1, life]) {
      const lease = await machine.open();
      const { token } = await lease.current();
      machine.clock.advance(age);
      const next = await lease.current();
      assert.ok(!next.token.equals(token), `${age}`);
      assert.ok((next.expiresAt ?? 0) - machine.clock.now() >= renewal);
      await lease[Symbol.asyncDispose]();
      await assertNothingLeft(machine);
    }
  }));

Deno.test("create fails on re-paste: the pasted token is stored and used", () =>
  withHome(async (home, machine) => {
    await home.login({ lifetime: life });
    machine.clock.advance(2 * life);
    await machine.server.fault("token_create", "403");
    const { kept, profile } = await home.login();
    const answer = pastedToken(profile, kept, machine.clock.now());
    assert.equal(answer.token.reveal(), rootValue);
    assert.deepEqual(machine.live(), []);
  }));

Deno.test("a paste and a renewal at once: neither token is lost", () =>
  withHome(async (home, machine) => {
    const lease = await machine.open();
    machine.clock.advance(renewal);
    const [{ kept }] = await Promise.all([home.login(), lease.current()]);
    await lease[Symbol.asyncDispose]();
    assert.deepEqual(machine.live(), [kept.tokenId]);
  }));
