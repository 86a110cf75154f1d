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

Deno.test("five minutes must be left, or what the caller wishes, or a third of a short life", async () => {
  const cases = [
    { life: 60, left: 5.1, wish: {}, fresh: true },
    { life: 60, left: 5, wish: {}, fresh: false },
    { life: 15, left: 4.9, wish: {}, fresh: false },
    { life: 60, left: 15.1, wish: { margin: 15 * minute }, fresh: true },
    { life: 60, left: 15, wish: { margin: 15 * minute }, fresh: false },
    { life: 30, left: 10.1, wish: { margin: 15 * minute }, fresh: true },
    { life: 60, left: 1, wish: { margin: 15 * minute, minTtl: 0 }, fresh: true },
    { life: 6, left: 2.1, wish: {}, fresh: true },
    { life: 6, left: 2, wish: {}, fresh: false },
    { life: 60, left: 1, wish: { minTtl: 0 }, fresh: true },
    { life: 60, left: 0, wish: { minTtl: 0 }, fresh: false },
    { life: 60, left: 30, wish: { minTtl: 30 * minute }, fresh: false },
    { life: 60, left: 31, wish: { minTtl: 30 * minute }, fresh: true },
  ];
  for (const { life, left, wish, fresh } of cases) {
    const login = loginWith(tokensOf(1, { expiresAt: noon + life * minute }));
    const machine = await TokenMachine.with(login, noon + (life - left) * minute);
    assert.equal(
      await machine.token(wish),
      fresh ? "at-1" : "at-2",
      JSON.stringify({ life, left, wish }),
    );
  }
});

Deno.test("a token whose end nobody said is good until it is forced", async () => {
  const { expiresAt: _none, ...tokens } = tokensOf(1);
  const machine = await TokenMachine.with(loginWith(tokens), noon + 1e9 * minute);
  assert.deepEqual(revealed(await accessToken(work, { minTtl: 60 * minute }, machine)), {
    token: "at-1",
    tokenType: "Bearer",
  });
  assert.deepEqual(machine.log, ["get"]);
  assert.equal(await machine.token({ force: true }), "at-2");
});

Deno.test("a pasted token is handed out as it is, forced too", async () => {
  const machine = await TokenMachine.with(pasted, noon + 1e9 * minute);
  for (const wish of [{}, { force: true }, { minTtl: 60 * minute }]) {
    assert.deepEqual(revealed(await accessToken(work, wish, machine)), {
      token: "pat-1",
      tokenType: "Bearer",
    });
  }
  assert.deepEqual(machine.log, ["get", "get", "get"]);
});

Deno.test("a copied token says when it expires, and is not handed out after that", async () => {
  const expiresAt = noon + minute;
  const machine = await TokenMachine.with({ ...pasted, expiresAt }, expiresAt - 1);
  const { expiresAt: said } = await accessToken(work, {}, machine);
  assert.equal(said, expiresAt);
  const late = await TokenMachine.with({ ...pasted, expiresAt }, expiresAt);
  await assert.rejects(accessToken(work, {}, late), { code: "sign_in_again" });
});

Deno.test("however many ask at once, the refresh token is spent once, and all get the same token", async () => {
  for (const wish of [{}, { force: true }]) {
    const machine = await nearExpiry();
    machine.start = machine.clock.now();
    const found = await Promise.all(Array.from({ length: 20 }, () => machine.token(wish)));
    assert.deepEqual([...new Set(found)], ["at-2"]);
    assert.equal(machine.log.filter((it) => it.startsWith("refresh")).length, 1);
    assert.equal(machine.log.filter((it) => it === "set").length, 1);
  }
});

Deno.test("a token from before the process started is refreshed by force, fresh or not", async () => {
  const machine = await TokenMachine.with(loginWith(tokensOf(1)), noon + 10 * minute);
  assert.equal(await machine.token({ force: true }), "at-2");
  assert.deepEqual(machine.log, wholeRefresh);
});

Deno.test("a token obtained since the process started counts as forced, if it lives", async () => {
  const machine = await TokenMachine.with(loginWith(tokensOf(1)), noon + 59 * minute);
  machine.start = noon;
  assert.equal(await machine.token({ force: true }), "at-1");
  assert.deepEqual(machine.log, ["get", "take", "get", "release"]);
  machine.clock.advance(minute);
  assert.equal(await machine.token({ force: true }), "at-2");
});

Deno.test("a token from the future is refreshed: the clock has been set back since", async () => {
  const inAnHour = { obtainedAt: noon + 60 * minute, expiresAt: noon + 120 * minute };
  const machine = await TokenMachine.with(loginWith(tokensOf(1, inAnHour)), noon);
  machine.start = noon;
  assert.equal(await machine.token(), "at-2");
});

Deno.test("a clock that was put right by less than a minute spends nothing", async () => {
  const soon = { obtainedAt: noon + minute, expiresAt: noon + 60 * minute };
  const machine = await TokenMachine.with(loginWith(tokensOf(1, soon)), noon);
  assert.equal(await machine.token(), "at-1");
});

Deno.test("a profile that points elsewhere since does not get the token of where it pointed", async () => {
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

Deno.test("a pasted token is not sent to a host that it was not pasted for", async () => {
  const machine = await TokenMachine.with({ ...pasted, host: "https://api.example" }, noon);
  assert.equal(await machine.token({}, { ...work, host: "https://api.example" }), "pat-1");
  await assert.rejects(machine.token({}, { ...work, host: "https://other.example" }), {
    code: "sign_in_again",
  });
});

Deno.test("without a credential one is not signed in, and no lock is taken", async () => {
  const machine = await TokenMachine.with(undefined, noon);
  await assert.rejects(machine.token(), {
    code: "not_signed_in",
    message: 'Not signed in to "work"',
    facts: { profile: "work" },
  });
  assert.deepEqual(machine.log, ["get"]);
});

Deno.test("a store that cannot be read is told as that, never as not signed in", async () => {
  for (const code of ["store_locked", "store_denied", "store_timeout", "store_corrupt"] as const) {
    const machine = await nearExpiry();
    machine.store.failures.get = code;
    await assert.rejects(machine.token(), { code });
    assert.deepEqual(machine.log, ["get"]);
  }
});
