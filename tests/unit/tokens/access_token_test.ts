import assert from "node:assert/strict";
import { accessToken } from "../../../src/tokens/access_token.ts";
import { nearExpiry, TokenMachine, wholeRefresh } from "../../fakes/machine/token_machine.ts";
import {
  loginWith,
  minute,
  noon,
  pasted,
  revealed,
  tokensOf,
  work,
} from "../../fakes/stores/credentials.ts";

Deno.test("a fresh token costs one read, and no lock, write or request", async () => {
  const machine = await TokenMachine.with(loginWith(tokensOf(1)), noon + 10 * minute);
  assert.deepEqual(revealed(await accessToken(work, {}, machine)), {
    token: "at-1",
    tokenType: "Bearer",
    expiresAt: noon + 60 * minute,
  });
  assert.deepEqual(machine.log, ["get"]);
});

Deno.test("a token must live for five minutes, the requested time or a third of its lifetime", async () => {
  const cases = [
    { life: 60, left: 5.1, request: {}, fresh: true },
    { life: 60, left: 5, request: {}, fresh: false },
    { life: 15, left: 4.9, request: {}, fresh: false },
    { life: 60, left: 15.1, request: { margin: 15 * minute }, fresh: true },
    { life: 60, left: 15, request: { margin: 15 * minute }, fresh: false },
    { life: 30, left: 10.1, request: { margin: 15 * minute }, fresh: true },
    { life: 60, left: 1, request: { margin: 15 * minute, minTtl: 0 }, fresh: true },
    { life: 6, left: 2.1, request: {}, fresh: true },
    { life: 6, left: 2, request: {}, fresh: false },
    { life: 60, left: 1, request: { minTtl: 0 }, fresh: true },
    { life: 60, left: 0, request: { minTtl: 0 }, fresh: false },
    { life: 60, left: 30, request: { minTtl: 30 * minute }, fresh: false },
    { life: 60, left: 31, request: { minTtl: 30 * minute }, fresh: true },
  ];
  for (const { life, left, request, fresh } of cases) {
    const login = loginWith(tokensOf(1, { expiresAt: noon + life * minute }));
    const machine = await TokenMachine.with(login, noon + (life - left) * minute);
    assert.equal(
      await machine.token(request),
      fresh ? "at-1" : "at-2",
      JSON.stringify({ life, left, request }),
    );
  }
});

Deno.test("a token without an expiry is used until a refresh is forced", async () => {
  const { expiresAt: _none, ...tokens } = tokensOf(1);
  const machine = await TokenMachine.with(loginWith(tokens), noon + 1e9 * minute);
  assert.deepEqual(revealed(await accessToken(work, { minTtl: 60 * minute }, machine)), {
    token: "at-1",
    tokenType: "Bearer",
  });
  assert.deepEqual(machine.log, ["get"]);
  assert.equal(await machine.token({ force: true }), "at-2");
});

Deno.test("a pasted token is returned unchanged, also when forced", async () => {
  const machine = await TokenMachine.with(pasted, noon + 1e9 * minute);
  for (const request of [{}, { force: true }, { minTtl: 60 * minute }]) {
    assert.deepEqual(revealed(await accessToken(work, request, machine)), {
      token: "pat-1",
      tokenType: "Bearer",
    });
  }
  assert.deepEqual(machine.log, ["get", "get", "get"]);
});

Deno.test("a pasted token with an expiry is not returned after it", async () => {
  const expiresAt = noon + minute;
  const machine = await TokenMachine.with({ ...pasted, expiresAt }, expiresAt - 1);
  const { expiresAt: said } = await accessToken(work, {}, machine);
  assert.equal(said, expiresAt);
  const late = await TokenMachine.with({ ...pasted, expiresAt }, expiresAt);
  await assert.rejects(accessToken(work, {}, late), { code: "sign_in_again" });
});

Deno.test("concurrent requests use the refresh token once, and all get the same token", async () => {
  for (const request of [{}, { force: true }]) {
    const machine = await nearExpiry();
    machine.start = machine.clock.now();
    const found = await Promise.all(Array.from({ length: 20 }, () => machine.token(request)));
    assert.deepEqual([...new Set(found)], ["at-2"]);
    assert.equal(machine.log.filter((it) => it.startsWith("refresh")).length, 1);
    assert.equal(machine.log.filter((it) => it === "set").length, 1);
  }
});

Deno.test("force refreshes a token from before the process started", async () => {
  const machine = await TokenMachine.with(loginWith(tokensOf(1)), noon + 10 * minute);
  assert.equal(await machine.token({ force: true }), "at-2");
  assert.deepEqual(machine.log, wholeRefresh);
});

Deno.test("force accepts a valid token that was obtained after the process started", async () => {
  const machine = await TokenMachine.with(loginWith(tokensOf(1)), noon + 59 * minute);
  machine.start = noon;
  assert.equal(await machine.token({ force: true }), "at-1");
  assert.deepEqual(machine.log, ["get", "take", "get", "release"]);
  machine.clock.advance(minute);
  assert.equal(await machine.token({ force: true }), "at-2");
});

Deno.test("a token from the future is refreshed, because the clock was set back", async () => {
  const inAnHour = { obtainedAt: noon + 60 * minute, expiresAt: noon + 120 * minute };
  const machine = await TokenMachine.with(loginWith(tokensOf(1, inAnHour)), noon);
  machine.start = noon;
  assert.equal(await machine.token(), "at-2");
});

Deno.test("a clock correction of less than a minute causes no refresh", async () => {
  const soon = { obtainedAt: noon + minute, expiresAt: noon + 60 * minute };
  const machine = await TokenMachine.with(loginWith(tokensOf(1, soon)), noon);
  assert.equal(await machine.token(), "at-1");
});

Deno.test("a profile with a changed host or issuer does not get the old token", async () => {
  const login = { ...loginWith(tokensOf(1)), host: "https://api.example" };
  const same = { ...work, host: login.host, issuer: login.issuer, clientId: login.clientId };
  const machine = await TokenMachine.with(login, noon);
  assert.equal(await machine.token({}, same), "at-1");
  assert.equal(await machine.token({}, { ...work, host: login.host }), "at-1");
  const elsewhere = [
    { host: "https://other.example" },
    { issuer: "https://other.example" },
    { clientId: "other" },
  ];
  for (const change of elsewhere) {
    const refusal = { code: "sign_in_again", facts: { profile: "work" } };
    await assert.rejects(machine.token({}, { ...same, ...change }), refusal);
  }
  await assert.rejects(machine.token({}, work), { code: "sign_in_again" });
  assert.ok(!machine.log.includes("take"));
});

Deno.test("a pasted token is not returned for another host", async () => {
  const machine = await TokenMachine.with({ ...pasted, host: "https://api.example" }, noon);
  assert.equal(await machine.token({}, { ...work, host: "https://api.example" }), "pat-1");
  await assert.rejects(machine.token({}, { ...work, host: "https://other.example" }), {
    code: "sign_in_again",
  });
});

Deno.test("without a credential, the error is not_signed_in and no lock is taken", async () => {
  const machine = await TokenMachine.with(undefined, noon);
  await assert.rejects(machine.token(), {
    code: "not_signed_in",
    message: 'Not signed in to "work"',
    facts: { profile: "work" },
  });
  assert.deepEqual(machine.log, ["get"]);
});

Deno.test("a store that cannot be read is not reported as not signed in", async () => {
  for (const code of ["store_locked", "store_denied", "store_timeout", "store_corrupt"] as const) {
    const machine = await nearExpiry();
    machine.store.failures.get = code;
    await assert.rejects(machine.token(), { code });
    assert.deepEqual(machine.log, ["get"]);
  }
});
