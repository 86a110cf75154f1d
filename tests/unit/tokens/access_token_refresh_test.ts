import assert from "node:assert/strict";
import { writeCredential } from "../../../src/credentials/envelope.ts";
import { FobError } from "../../../src/errors.ts";
import { accessToken } from "../../../src/tokens/access_token.ts";
import {
  account,
  afterExpiry,
  nearExpiry,
  TokenMachine,
  wholeRefresh,
} from "../../fakes/machine/token_machine.ts";
import {
  loginWith,
  minute,
  noon,
  pasted,
  revealed,
  tokensOf,
  work,
} from "../../fakes/stores/credentials.ts";

Deno.test("near expiry, the tokens are refreshed and stored under the lock", async () => {
  const machine = await nearExpiry();
  assert.equal(await machine.token(), "at-2");
  assert.deepEqual(machine.log, wholeRefresh);
  assert.deepEqual(machine.notices, []);
  const pair = tokensOf(2, { obtainedAt: noon + 59 * minute, expiresAt: noon + 119 * minute });
  assert.deepEqual(await machine.kept(), revealed(loginWith(pair)));
});

Deno.test("a refresh keeps the other fields of the login", async () => {
  const login = {
    ...loginWith(tokensOf(1)),
    host: "https://api.example",
    identity: "someone",
    resource: "https://api.example/",
  };
  const machine = await TokenMachine.with(login, noon + 61 * minute);
  await machine.token({}, { ...work, host: "https://api.example" });
  const { tokens: _before, ...rest } = login;
  const { tokens: _after, ...kept } = await machine.kept() as typeof login;
  assert.deepEqual(kept, rest);
});

Deno.test("a token that another process refreshed during the wait for the lock is used", async () => {
  const machine = await nearExpiry();
  const others = await machine.locks.take(account);
  const waiting = machine.token();
  await writeCredential(
    account,
    loginWith(tokensOf(7, { expiresAt: noon + 120 * minute })),
    machine.store,
  );
  others[Symbol.dispose]();
  assert.equal(await waiting, "at-7");
  assert.ok(!machine.log.join().includes("refresh"));
});

Deno.test("a token that was pasted during the wait for the lock is used", async () => {
  const machine = await afterExpiry();
  const others = await machine.locks.take(account);
  const waiting = machine.token();
  await writeCredential(account, pasted, machine.store);
  others[Symbol.dispose]();
  assert.equal(await waiting, "pat-1");
});

Deno.test("a login that was deleted during the wait for the lock is not signed in", async () => {
  const machine = await nearExpiry();
  const others = await machine.locks.take(account);
  const waiting = machine.token();
  await machine.store.delete(account);
  others[Symbol.dispose]();
  await assert.rejects(waiting, { code: "not_signed_in" });
});

for (const code of ["provider_unreachable", "provider_refused", "sign_in_again"] as const) {
  Deno.test(`near expiry, a refresh that fails with ${code} is a notice, and the valid token is used`, async () => {
    const machine = await nearExpiry();
    machine.refuse(code, "It went wrong");
    assert.equal(await machine.token(), "at-1");
    assert.equal(machine.notices.length, 1);
    assert.match(machine.notices[0] ?? "", /It went wrong.*still valid/);
  });

  Deno.test(`forced or after expiry, a refresh that fails with ${code} is an error, and deletes nothing`, async () => {
    for (
      const [machine, request] of [[await nearExpiry(), { force: true }], [
        await afterExpiry(),
        {},
      ]] as const
    ) {
      machine.refuse(code);
      await assert.rejects(machine.token(request), { code });
      assert.deepEqual(await machine.kept(), revealed(loginWith(tokensOf(1))));
      assert.deepEqual(machine.notices, []);
    }
  });
}

Deno.test("an unexpected error is never a notice", async () => {
  const machine = await nearExpiry();
  const mistake = new TypeError("oops");
  machine.server = () => Promise.reject(mistake);
  await assert.rejects(machine.token(), mistake);
});

Deno.test("after a refused refresh token, the tokens of a new sign-in are used", async () => {
  const machine = await afterExpiry();
  machine.server = async () => {
    await writeCredential(account, loginWith(tokensOf(7)), machine.store);
    throw new FobError("sign_in_again", "Refused");
  };
  assert.equal(await machine.token(), "at-7");
  assert.deepEqual(machine.log.slice(5), ["set", "get", "release"]);
});

Deno.test("a refused refresh token is an error with the server's reason, and releases the lock", async () => {
  const machine = await afterExpiry();
  machine.refuse("sign_in_again", "Revoked by its owner");
  await assert.rejects(machine.token(), {
    code: "sign_in_again",
    message: 'The login of "work" is no longer valid: Revoked by its owner',
    facts: { profile: "work" },
  });
  assert.deepEqual(machine.log.slice(4), ["refresh rt-1", "get", "release"]);
});

Deno.test("after an interrupted refresh, every refusal says when that refresh started", async () => {
  const machine = await afterExpiry();
  await new Promise<void>((asked, fail) => {
    machine.server = () => (asked(), new Promise(() => {}));
    machine.token().catch(fail);
  });
  const later = await afterExpiry();
  later.locks.texts.set(account, machine.locks.texts.get(account) ?? "");
  later.refuse("sign_in_again", "Refused");
  for (let time = 0; time < 3; time++) {
    later.clock.advance(minute);
    await assert.rejects(later.token(), (error: Error) => {
      assert.match(error.message, /started at 2026-01-02T13:01:00\.000Z was interrupted/);
      return true;
    });
  }
});

Deno.test("a refresh that the server answered does not count as interrupted", async () => {
  for (const code of ["sign_in_again", "provider_refused"] as const) {
    const machine = await afterExpiry();
    machine.refuse(code, "First answer");
    await assert.rejects(machine.token(), { code });
    machine.refuse("sign_in_again", "Second answer");
    await assert.rejects(machine.token(), {
      message: 'The login of "work" is no longer valid: Second answer',
    });
  }
});

Deno.test("a successful refresh leaves no note in the lock file", async () => {
  const machine = await nearExpiry();
  await machine.token();
  assert.equal(machine.locks.texts.get(account), "");
});

Deno.test("no refresh token is sent if the store cannot be written", async () => {
  const machine = await afterExpiry();
  machine.store.failures.assertWritable = "store_locked";
  await assert.rejects(machine.token(), { code: "store_locked" });
  assert.deepEqual(machine.log, ["get", "take", "get", "assertWritable", "release"]);
});

Deno.test("no refresh token is sent if the note cannot be written", async () => {
  const machine = await afterExpiry();
  machine.locks.writeFailure = "io_failed";
  await assert.rejects(machine.token(), { code: "io_failed" });
  assert.ok(!machine.log.join().includes("refresh"));
});

Deno.test("stored tokens are returned although the note could not be removed", async () => {
  const machine = await afterExpiry();
  machine.server = () => {
    machine.locks.writeFailure = "io_failed";
    return Promise.resolve(tokensOf(2, { expiresAt: noon + 120 * minute }));
  };
  assert.equal(await machine.token({ force: true }), "at-2");
});

Deno.test("a refusal is reported although the note could not be removed", async () => {
  const machine = await afterExpiry();
  machine.server = () => {
    machine.locks.writeFailure = "io_failed";
    return Promise.reject(new FobError("sign_in_again", "Refused"));
  };
  await assert.rejects(machine.token(), { code: "sign_in_again" });
});

Deno.test("tokens that could not be stored are not returned", async () => {
  const machine = await afterExpiry();
  machine.store.failures.set = "store_timeout";
  await assert.rejects(machine.token(), { code: "store_timeout" });
  assert.equal(machine.log.at(-1), "release");
});

Deno.test("a login that was lost because its new tokens could not be stored is an error at once", async () => {
  const machine = await nearExpiry();
  machine.store.failures.set = "store_timeout";
  await assert.rejects(machine.token(), (error: FobError) => {
    assert.deepEqual([error.code, error.facts["spent"]], ["store_timeout", "yes"]);
    assert.match(error.message, /issued a new token for "work", but it could not be stored: /);
    return true;
  });
  assert.deepEqual(machine.notices, []);
});

Deno.test("an interrupted refresh stores the new tokens and returns none", async () => {
  const machine = await nearExpiry();
  const uninterrupted = async <T>(work: () => Promise<T>): Promise<T> => {
    await work();
    throw new FobError("interrupted", "Stopped by SIGINT");
  };
  await assert.rejects(accessToken(work, {}, { ...machine, uninterrupted }), {
    code: "interrupted",
  });
  assert.deepEqual(machine.log, wholeRefresh);
  assert.deepEqual(machine.notices, []);
});

Deno.test("the uninterrupted section covers the request and the write, not the wait for the lock", async () => {
  const machine = await nearExpiry();
  const uninterrupted = async <T>(work: () => Promise<T>): Promise<T> => {
    machine.log.push("begin");
    const result = await work();
    machine.log.push("end");
    return result;
  };
  await accessToken(work, {}, { ...machine, uninterrupted });
  assert.deepEqual(machine.log.slice(4), ["begin", "refresh rt-1", "set", "end", "release"]);
});

Deno.test("a lock timeout is a notice near expiry, and an error after it", async () => {
  const [near, after] = [await nearExpiry(), await afterExpiry()];
  near.locks.failure = after.locks.failure = "lock_timeout";
  assert.equal(await near.token(), "at-1");
  assert.equal(near.notices.length, 1);
  await assert.rejects(after.token(), { code: "lock_timeout" });
});

Deno.test("a token without a refresh token is used until it expires", async () => {
  const { refreshToken: _none, ...tokens } = tokensOf(1);
  const machine = await TokenMachine.with(loginWith(tokens), noon + 59 * minute);
  assert.equal(await machine.token(), "at-1");
  assert.ok(!machine.notices.join().includes("has expired"), machine.notices.join());
  machine.clock.advance(minute);
  await assert.rejects(machine.token(), { code: "sign_in_again", facts: { profile: "work" } });
  assert.ok(!machine.log.join().includes("refresh"));
});
