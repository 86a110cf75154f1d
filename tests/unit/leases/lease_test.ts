import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import { owner, rootValue, withLeaseMachine } from "../../fakes/machine/lease_machine.ts";
import { minute, noon } from "../../fakes/stores/credentials.ts";

const life = 15 * minute;
/** When the next token is made. */
const renewal = 10 * minute;

Deno.test("a lease is one token of its own, noted before anybody has it, and gone at its end", () =>
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

Deno.test("a lease does nothing while nobody asks, and nothing when it is asked early", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    const first = await lease.current();
    machine.clock.advance(renewal - 1);
    assert.ok((await lease.current()).token.equals(first.token));
    assert.equal(machine.server.requests.length, 1);
  }));

Deno.test("at two thirds of its life the next is made, and the one before ends after its grace", () =>
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
      "nobody loses a token before the end that they were told",
    );
    machine.clock.advance(1);
    await lease.current();
    await lease.settled();
    assert.deepEqual(machine.liveValues(), [second.token.reveal()]);
    assert.equal((await machine.noted())[0]?.tokens.length, 1);
  }));

Deno.test("a token that is refused is replaced at once, but no server makes one for each refusal", () =>
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

Deno.test("all who ask at once wait for one new token", () =>
  withLeaseMachine(async (machine) => {
    await using lease = await machine.open();
    machine.clock.advance(renewal);
    const asked = await Promise.all(Array.from({ length: 20 }, () => lease.current()));
    assert.equal(new Set(asked.map(({ token }) => token.reveal())).size, 1);
    assert.equal(machine.server.count("token_create"), 2);
  }));

Deno.test("a machine that slept for two hours gives out a new token, and no paste is needed", () =>
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

Deno.test("the server's own end of a token counts, corrected by the server's own clock", () =>
  withLeaseMachine(async (machine) => {
    machine.server.clock(7200);
    await using lease = await machine.open();
    await lease.current();
    assert.equal((await machine.noted())[0]?.tokens[0]?.expiresAt, noon + life);
  }));

Deno.test("where the next cannot be made, the one at hand is good until its end, and each who asks tries again", () =>
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
    assert.equal(machine.attempts("token_create"), before, "not before the pause is over");
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
    assert.equal(machine.live().length, 2, "it was told to be good for a quarter of an hour");
  }));

Deno.test("an end that is reached while the server fails is waited for, and then an error", () =>
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

Deno.test("a server that says when to come back is not asked before", () =>
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

Deno.test("a root that is refused stops everything, until somebody signs in again", () =>
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

Deno.test("a quota that is used up is told, and leaves nothing", () =>
  withLeaseMachine(async (machine) => {
    machine.server.setQuota(1);
    await assert.rejects(machine.open(), { code: "provider_refused", message: /QUOTA_EXCEEDED/ });
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("a lease whose first token is refused asks for a login, and leaves nothing", () =>
  withLeaseMachine(async (machine) => {
    machine.server.revokeAll();
    await assert.rejects(machine.open(), { code: "sign_in_again", facts: { profile: "work" } });
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("nothing that is thrown, told or noted holds a token, and mint answers are never told", () =>
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
