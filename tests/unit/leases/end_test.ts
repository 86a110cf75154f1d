import assert from "node:assert/strict";
import { withLeaseMachine } from "../../fakes/machine/lease_machine.ts";
import { minute } from "../../fakes/stores/credentials.ts";

const renewal = 10 * minute;

Deno.test("a revocation that fails three times succeeds the fourth time", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    await machine.server.fault("token_delete", "500", 3);
    await lease[Symbol.asyncDispose]();
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
    assert.equal(machine.attempts("token_delete"), 4);
    assert.deepEqual(machine.notices, []);
  }));

Deno.test("a revocation that always fails is a notice with the expiry, and the next run repeats it", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    await machine.server.fault("token_delete", "500");
    await lease[Symbol.asyncDispose]();
    assert.equal(machine.live().length, 1);
    assert.match(machine.notices[0] ?? "", /may stay valid until 2026-01-02T12:15:00\.000Z/);
    assert.equal((await machine.noted())[0]?.isAlive, false);
    await machine.server.fault("token_delete", undefined);
    await using next = await machine.open();
    const { token } = await next.current();
    assert.deepEqual(machine.liveValues(), [token.reveal()]);
    assert.equal((await machine.noted()).length, 1);
  }));

Deno.test("a replaced token that cannot be revoked stays noted", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    machine.clock.advance(renewal);
    await lease.current();
    await machine.server.fault("token_delete", "500", 1);
    machine.clock.advance(2 * minute);
    await lease.current();
    await lease.settled();
    assert.equal(machine.live().length, 2);
    await lease.current();
    await lease.settled();
    assert.equal(machine.live().length, 1);
    await lease[Symbol.asyncDispose]();
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("without a valid root, the current token revokes itself", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    machine.server.delete(machine.rootId);
    await lease[Symbol.asyncDispose]();
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

for (const fault of ["mute", "lost"] as const) {
  Deno.test(`a token that was created without a response (${fault}) is found by its comment and revoked`, () =>
    withLeaseMachine(async (machine) => {
      await machine.server.fault("token_create", fault, 2);
      const lease = await machine.open(machine.needs(150));
      assert.equal(machine.live().length, 3, "two without a response, and the token in use");
      await lease.settled();
      const { token } = await lease.current();
      assert.deepEqual(machine.liveValues(), [token.reveal()]);
      await lease[Symbol.asyncDispose]();
      assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
    }));
}

Deno.test("after the clock was set forward, valid tokens are still revoked", () =>
  withLeaseMachine(async (machine) => {
    const needs = machine.needs();
    let jump = 0;
    const clock = { ...needs.clock, now: () => machine.clock.now() + jump };
    const lease = await machine.open({ ...needs, clock });
    jump = 24 * 60 * minute;
    await lease[Symbol.asyncDispose]();
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("tokens of a lease without any response are revoked", () =>
  withLeaseMachine(async (machine) => {
    await machine.server.fault("token_create", "lost");
    await assert.rejects(machine.open(), { code: "provider_unreachable" });
    assert.ok(machine.attempts("token_create") > 3);
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("tokens of the person and of other runs are never revoked", () =>
  withLeaseMachine(async (machine) => {
    const mine = ["by hand", "fob", "fob/", "coda-auto-rotated"].map((comment) =>
      machine.server.addToken({ comment }).info.token_id
    );
    await machine.server.fault("token_create", "lost", 1);
    const lease = await machine.open();
    const [{ comment = "" } = {}] = await machine.noted();
    for (const other of [`${comment}0`, comment.slice(0, -1), comment.toUpperCase()]) {
      mine.push(machine.server.addToken({ comment: other }).info.token_id);
    }
    await lease[Symbol.asyncDispose]();
    assert.deepEqual(machine.live().sort(), mine.sort());
  }));

Deno.test("a token with an ID that cannot be noted is revoked and not returned", () =>
  withLeaseMachine(async (machine) => {
    const needs = machine.needs();
    let isFull = false;
    const issuer: typeof needs.issuer = {
      ...needs.issuer,
      mint: async (...args) => {
        const minted = await needs.issuer.mint(...args);
        isFull = true;
        return minted;
      },
    };
    const records: typeof needs.records = {
      ...needs.records,
      open: async (id) => {
        const record = await needs.records.open(id);
        return Object.assign(Object.create(record), {
          id,
          remove: () => record.remove(),
          [Symbol.dispose]: () => record[Symbol.dispose](),
          write: (text: string) =>
            isFull ? Promise.reject(new Error("disk full")) : record.write(text),
        });
      },
    };
    await assert.rejects(machine.open({ ...needs, issuer, records }), {
      code: "io_failed",
      message: /disk full/,
    });
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("an ended lease returns no token, and ends once", () =>
  withLeaseMachine(async (machine) => {
    const lease = await machine.open();
    await lease[Symbol.asyncDispose]();
    await lease[Symbol.asyncDispose]();
    await assert.rejects(lease.current(), { message: "The lease has ended" });
    assert.equal(machine.attempts("token_delete"), 1);
  }));

Deno.test("the end of a lease stops a renewal that waits for the server", () =>
  withLeaseMachine(async (machine) => {
    const waiting = Promise.withResolvers<void>();
    const needs = machine.needs();
    const sleep = (_duration: number, signal?: AbortSignal): Promise<void> => {
      waiting.resolve();
      return new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
      );
    };
    const lease = await machine.open({
      ...needs,
      clock: { now: () => machine.clock.now(), sleep },
    });
    await machine.server.fault("token_create", "503", 1);
    const refused = assert.rejects(lease.current({ force: true }), {
      message: "The lease has ended",
    });
    await waiting.promise;
    await lease[Symbol.asyncDispose]();
    await refused;
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));
