import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import { owner, rootValue, withLeaseMachine } from "../../fakes/machine/lease_machine.ts";
import { minute, noon } from "../../fakes/stores/credentials.ts";

const life = 15 * minute;
/** Milliseconds until the next token is created. */
const renewal = 10 * minute;

Deno.test("a lease has its own token, which is noted before it is returned, and revoked at the end", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    const { token, expiresAt } = await lease.current();
    assert.deepEqual(machine.liveValues(), [token.reveal()]);
    assert.equal(expiresAt, noon + renewal + minute);
    const [note] = await machine.noted();
    assert.deepEqual([note?.isAlive, note?.owner, note?.profile], [true, owner, "work"]);
    assert.deepEqual(note?.tokens, [{ id: machine.live()[0], expiresAt: noon + life }]);
    assert.match(note?.comment ?? "", /^fob\/[\da-f]{8}\/[\da-f]{16}$/);
    assert.equal(machine.server.liveTokens().at(-1)?.info.comment, note?.comment);
    await lease[Symbol.asyncDispose]();
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
    assert.deepEqual(machine.notices, []);
  }));

Deno.test("a lease creates no token before the renewal time", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    const first = await lease.current();
    machine.clock.advance(renewal - 1);
    assert.ok((await lease.current()).token.equals(first.token));
    assert.equal(machine.server.requests.length, 1);
  }));

Deno.test("at two thirds of its lifetime a token is replaced, and revoked after its grace period", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    const first = await lease.current();
    machine.clock.advance(renewal);
    const second = await lease.current();
    assert.ok(!second.token.equals(first.token));
    assert.deepEqual(machine.liveValues(), [first.token.reveal(), second.token.reveal()]);
    machine.clock.advance(minute - 1);
    await lease.current();
    await lease.settled();
    assert.equal(
      machine.live().length,
      2,
      "a token stays valid until its reported expiry",
    );
    machine.clock.advance(1);
    await lease.current();
    await lease.settled();
    assert.deepEqual(machine.liveValues(), [second.token.reveal()]);
    assert.equal((await machine.noted())[0]?.tokens.length, 1);
  }));

Deno.test("a refused token is replaced at once, but not for every refusal", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    const force = (): Promise<string> =>
      lease.current({ force: true }).then(({ token }) => token.reveal());
    const first = (await lease.current()).token.reveal();
    const [one, other] = await Promise.all([force(), force()]);
    assert.ok(one === other && one !== first);
    machine.clock.advance(29_999);
    assert.equal(await force(), one);
    machine.clock.advance(1);
    assert.notEqual(await force(), one);
    assert.equal(machine.server.count("token_create"), 3);
  }));

Deno.test("concurrent requests wait for one new token", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    machine.clock.advance(renewal);
    const asked = await Promise.all(Array.from({ length: 20 }, () => lease.current()));
    assert.equal(new Set(asked.map(({ token }) => token.reveal())).size, 1);
    assert.equal(machine.server.count("token_create"), 2);
  }));

Deno.test("after two hours of suspend, a new token is returned without a paste", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    machine.clock.advance(120 * minute);
    const { token, expiresAt = 0 } = await lease.current();
    assert.deepEqual(machine.liveValues(), [token.reveal()]);
    assert.ok(expiresAt > machine.clock.now());
    await lease[Symbol.asyncDispose]();
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("a clock that was set back does not make a token look young", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    const first = await lease.current();
    machine.clock.advance(-120 * minute);
    assert.ok(!(await lease.current()).token.equals(first.token));
  }));

Deno.test("the expiry from the server is used, corrected by the server's clock", () =>
  withLeaseMachine(async (machine) => {
    machine.server.clock(7200);
    await using lease = await machine.open();
    await lease.current();
    assert.equal((await machine.noted())[0]?.tokens[0]?.expiresAt, noon + life);
  }));

Deno.test("the current token is used until it expires if a renewal fails, and requests retry", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    const first = await lease.current();
    machine.clock.advance(renewal);
    await machine.server.fault("token_create", "500");
    const { token, expiresAt } = await lease.current();
    assert.ok(token.equals(first.token));
    assert.equal(expiresAt, noon + life);
    assert.match(
      machine.notices[0] ?? "",
      /HTTP 500.*Using the current token, which is still valid$/,
    );
    const [note] = await machine.noted();
    assert.deepEqual([note?.failures, /HTTP 500/.test(note?.failure ?? "")], [1, true]);
    const before = machine.attempts("token_create");
    await lease.current();
    assert.equal(machine.attempts("token_create"), before, "no attempt during the pause");
    machine.clock.advance(minute);
    await lease.current();
    assert.equal(machine.attempts("token_create"), before + 1);
    await machine.server.fault("token_create", undefined);
    machine.clock.advance(minute);
    assert.ok(!(await lease.current()).token.equals(first.token));
    assert.equal((await machine.noted())[0]?.failures, 0);
    machine.clock.advance(2 * minute);
    await lease.current();
    await lease.settled();
    assert.equal(machine.live().length, 2, "its reported expiry is a quarter of an hour later");
  }));

Deno.test("after the expiry, a request waits for a failing server, then fails", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    machine.clock.advance(life);
    await machine.server.fault("token_create", "503", 3);
    await lease.current();
    assert.equal(machine.attempts("token_create"), 5);
    machine.clock.advance(life);
    await machine.server.fault("token_create", "503");
    await assert.rejects(lease.current(), { code: "provider_unreachable" });
  }));

Deno.test("a busy server is not asked before its Retry-After", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    machine.clock.advance(renewal);
    await machine.server.fault("token_create", "429:120");
    await lease.current();
    const before = machine.attempts("token_create");
    machine.clock.advance(minute);
    await lease.current();
    await assert.rejects(lease.current({ force: true }), { code: "provider_unreachable" });
    assert.equal(machine.attempts("token_create"), before);
    machine.clock.advance(minute);
    await machine.server.fault("token_create", undefined);
    await lease.current();
    assert.equal(machine.attempts("token_create"), before + 1);
  }));

Deno.test("a refused root stops renewals until the next sign-in", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    const first = await lease.current();
    for (const status of ["401", "403"] as const) {
      machine.clock.advance(renewal);
      await machine.server.fault("token_create", status);
      const before = machine.attempts("token_create");
      if (status === "401") assert.ok((await lease.current()).token.equals(first.token));
      machine.clock.advance(life);
      await assert.rejects(lease.current(), { code: "sign_in_again" });
      await assert.rejects(lease.current({ force: true }), { code: "sign_in_again" });
      assert.equal(machine.attempts("token_create"), before + 1, status);
      await machine.server.fault("token_create", undefined);
      const { value } = machine.server.addToken({ comment: "again" });
      machine.root = new Secret(value);
      await lease.current();
    }
  }));

Deno.test("a used-up quota is reported, and leaves no token", () =>
  withLeaseMachine(async (machine) => {
    machine.server.setQuota(1);
    await assert.rejects(machine.open(), { code: "provider_refused", message: /QUOTA_EXCEEDED/ });
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("a lease without a first token needs a sign-in, and leaves no token", () =>
  withLeaseMachine(async (machine) => {
    machine.server.revokeAll();
    await assert.rejects(machine.open(), { code: "sign_in_again", facts: { profile: "work" } });
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("no error, notice or note contains a token or the response of a create request", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    const { token } = await lease.current();
    machine.clock.advance(renewal);
    await machine.server.fault("token_create", "html", 1);
    await lease.current();
    const notes = await Promise.all(
      (await machine.needs().records.look()).map(({ text }) => Promise.resolve(text)),
    );
    const said = [...machine.notices, ...notes].join("\n");
    assert.match(said, /returned an unexpected response/);
    for (const secret of [token.reveal(), rootValue, "Welcome"]) {
      assert.ok(!said.includes(secret), secret);
    }
    await lease[Symbol.asyncDispose]();
  }));
