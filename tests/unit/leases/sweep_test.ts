import assert from "node:assert/strict";
import type { MintNeeds } from "../../../src/leases/open.ts";
import {
  type LeaseMachine,
  rootValue,
  withLeaseMachine,
} from "../../fakes/machine/lease_machine.ts";
import { KilledRun } from "../../fakes/machine/killed_run.ts";
import { minute } from "../../fakes/stores/credentials.ts";

const renewal = 10 * minute;

/** A complete run: a token, the next one, the revocation of the first, and the end. */
async function live(machine: LeaseMachine, needs: MintNeeds): Promise<void> {
  const lease = await machine.open(needs);
  machine.clock.advance(renewal);
  await lease.current();
  machine.clock.advance(2 * minute);
  await lease.current();
  await lease.settled();
  await lease[Symbol.asyncDispose]();
}

Deno.test("a run that is killed at any step leaves no token that the next run does not revoke", async () => {
  const steps: string[] = [];
  for (let step: string | undefined = ""; step !== undefined;) {
    await withLeaseMachine(async (machine) => {
      const run = new KilledRun(steps.length);
      const living = live(machine, run.bind(machine.needs())).then(() => undefined);
      step = await Promise.race([run.death, living]);
      if (step === undefined) return;
      steps.push(step);
      await machine.sweep();
      assert.deepEqual([machine.live(), await machine.noted()], [[], []], `${steps}`);
      assert.equal(machine.server.principalOf(rootValue) !== undefined, true);
    });
  }
  for (const name of ["open", "write", "mint", "revoke", "remove"]) {
    assert.ok(steps.includes(`before ${name}`) && steps.includes(`after ${name}`), name);
  }
});

Deno.test("a run that is killed while its create requests get no response leaves no token", async () => {
  for (let steps = 0; steps < 12; steps++) {
    await withLeaseMachine(async (machine) => {
      await machine.server.fault("token_create", "lost", 2);
      const run = new KilledRun(steps);
      const living = live(machine, run.bind(machine.needs())).then(() => "lived");
      await Promise.race([run.death, living]);
      await machine.sweep();
      assert.deepEqual([machine.live(), await machine.noted()], [[], []], `step ${steps}`);
    });
  }
});

Deno.test("the next sweep finishes one that was killed at any step", async () => {
  for (let steps = 0, step = ""; step !== "done"; steps++) {
    await withLeaseMachine(async (machine) => {
      const killed = new KilledRun(8);
      await Promise.race([killed.death, live(machine, killed.bind(machine.needs()))]);
      const sweeper = new KilledRun(steps);
      const opening = machine.open(sweeper.bind(machine.needs())).then(async (lease) => {
        await lease[Symbol.asyncDispose]();
        return "done";
      });
      step = await Promise.race([sweeper.death, opening]);
      if (step === "done") return;
      await machine.sweep();
      assert.deepEqual([machine.live(), await machine.noted()], [[], []], step);
    });
  }
});

Deno.test("concurrent runs have one token each, and do not revoke each other's", () =>
  withLeaseMachine(async (machine) => {
    const [one, other] = await Promise.all([machine.open(), machine.open()]);
    const tokens = [await one.current(), await other.current()].map(({ token }) => token.reveal());
    assert.deepEqual(machine.liveValues().sort(), tokens.sort());
    assert.deepEqual(await machine.sweep(), { ended: [], left: [] });
    const third = await machine.open();
    assert.equal(machine.live().length, 3);
    await one[Symbol.asyncDispose]();
    await third[Symbol.asyncDispose]();
    assert.deepEqual(machine.liveValues(), [(await other.current()).token.reveal()]);
    await other[Symbol.asyncDispose]();
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("a suspended run with expired tokens is not swept", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    machine.clock.advance(24 * 60 * minute);
    assert.deepEqual(await machine.sweep(), { ended: [], left: [] });
    assert.equal((await machine.noted()).length, 1);
    await lease.current();
    await machine.sweep();
    assert.equal(machine.live().length, 1);
    await lease[Symbol.asyncDispose]();
  }));

/** A machine with a run that was killed while its token was in use. */
async function killInUse(machine: LeaseMachine): Promise<void> {
  const run = new KilledRun(12);
  await Promise.race([run.death, live(machine, run.bind(machine.needs()))]);
  assert.deepEqual((await machine.noted())[0]?.tokens.map(({ id }) => id), machine.live());
}

Deno.test("a sweep without a response from the server leaves the note, and reports it", () =>
  withLeaseMachine(async (machine) => {
    await killInUse(machine);
    await machine.server.fault("token_list", "500");
    const { left } = await machine.sweep();
    assert.deepEqual(left.map(({ why }) => why.code), ["provider_unreachable"]);
    await machine.server.fault("token_list", "html");
    assert.equal((await machine.sweep()).left.length, 1, "a web page is not an empty list");
    await machine.server.fault("token_list", undefined);
    assert.equal((await machine.sweep()).ended.length, 1);
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("the next run starts, with a notice, if the tokens of the last one cannot be revoked", () =>
  withLeaseMachine(async (machine) => {
    await killInUse(machine);
    await machine.server.fault("token_list", "500");
    await using lease = await machine.open();
    await lease.current();
    assert.match(
      machine.notices[0] ?? "",
      /^Could not revoke the tokens of an earlier run \([\da-f]{16}\): /,
    );
    assert.equal((await machine.noted()).length, 2);
  }));

Deno.test("a note with only expired tokens is deleted without a request", () =>
  withLeaseMachine(async (machine) => {
    await killInUse(machine);
    machine.clock.advance(60 * minute);
    const before = machine.server.requests.length;
    await machine.sweep();
    assert.deepEqual(await machine.noted(), []);
    assert.equal(machine.server.requests.length, before);
  }));

Deno.test("a token without a noted ID is searched for until it must have expired", () =>
  withLeaseMachine(async (machine) => {
    await machine.server.fault("token_create", "lost", 1);
    const run = new KilledRun(7);
    await Promise.race([run.death, live(machine, run.bind(machine.needs()))]);
    assert.deepEqual([machine.live().length, (await machine.noted())[0]?.tokens], [1, []]);
    machine.clock.advance(14 * minute);
    await machine.sweep();
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("the stored token of a profile is never revoked, whatever a note contains", () =>
  withLeaseMachine(async (machine) => {
    await killInUse(machine);
    const [{ id = "", text = "" } = {}] = await machine.needs().records.look();
    const [leased = ""] = machine.live();
    const other = text.replace(leased, machine.rootId);
    assert.notEqual(other, text);
    await Deno.writeTextFile(`${machine.state}/leases/${id}.json`, other);
    await machine.sweep();
    assert.deepEqual(machine.server.liveTokens().map(({ value }) => value), [rootValue]);
  }));

Deno.test("notes of another owner, another host or another program are skipped", () =>
  withLeaseMachine(async (machine) => {
    await killInUse(machine);
    const [{ id = "", text = "" } = {}] = await machine.needs().records.look();
    const changed = [
      text.replace("ada@example.com", "eve@example.com"),
      text.replace("http://127.0.0.1", "http://127.0.0.2"),
      text.replace('"v":1', '"v":2'),
      text.replace(/"profile":"work"/, '"profile":5'),
      text.replace(/"id":"\w+"/, '"id":{}'),
      text.replace(/("tokens":\[\{.*"expires_at":)"[^"]+"/, '$1"never"'),
      text.replace(/"failures":0/, '"failures":"a"'),
      "{",
    ];
    for (const other of changed) {
      assert.notEqual(other, text);
      await Deno.writeTextFile(`${machine.state}/leases/${id}.json`, other);
      await machine.sweep();
      assert.equal(machine.live().length, 1);
      assert.equal((await machine.needs().records.look()).length, 1, other);
    }
  }));

Deno.test("the token of a sign-in is never revoked by the sweep for another profile", () =>
  withLeaseMachine(async (machine) => {
    await killInUse(machine);
    const [{ id = "", text = "" } = {}] = await machine.needs().records.look();
    const login = text.replace('"purpose":"lease"', '"purpose":"login"');
    const path = `${machine.state}/leases/${id}.json`;
    await Deno.writeTextFile(path, login.replace('"profile":"work"', '"profile":"home"'));
    await machine.sweep();
    assert.equal(machine.live().length, 1);
    await Deno.writeTextFile(path, login);
    await machine.sweep();
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));
