import assert from "node:assert/strict";
import { writeCredential } from "../../../src/credentials/envelope.ts";
import { FobError } from "../../../src/errors.ts";
import { otherTokens } from "../../../src/leases/replace_pasted_token.ts";
import { Secret } from "../../../src/secret.ts";
import { owner, rootValue } from "../../fakes/machine/lease_machine.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { KilledRun } from "../../fakes/machine/killed_run.ts";
import { account, withHome } from "../../fakes/servers/pasted_token_home.ts";
import { minute, noon, tokensOf } from "../../fakes/stores/credentials.ts";

const day = 24 * 60 * minute;

Deno.test("a pasted token is validated, and replaced by fob's own token", () =>
  withHome(async (home, machine) => {
    const { identity, kept } = await home.login();
    assert.equal(identity, owner);
    assert.deepEqual(machine.live(), [kept.tokenId]);
    assert.equal(kept.expiresAt, noon + 90 * day);
    assert.deepEqual(machine.liveValues(), [await home.kept()]);
    assert.match(machine.server.liveTokens().at(-1)?.info.comment ?? "", /^fob\//);
    assert.deepEqual(
      machine.server.requests.map(({ route }) => route),
      ["me", "token_create"],
    );
    assert.deepEqual([await machine.noted(), machine.notices], [[], []]);
    const text = home.store.contents().get(account) ?? "";
    assert.ok(!text.includes(rootValue) && !home.profileFile.text.includes("dapi"));
  }));

Deno.test("the token of another owner is rejected, and nothing is created or stored", () =>
  withHome(async (home, machine) => {
    const options = { owner: { name: "eve@example.com", source: "--owner" } };
    await assert.rejects(home.login(options), {
      code: "identity_mismatch",
      message: 'The token belongs to "ada@example.com", not to "eve@example.com" (--owner)',
    });
    assert.deepEqual([machine.live(), await machine.noted(), home.store.contents().size], [
      [],
      [],
      0,
    ]);
    assert.equal(home.profileFile.writes, 0);
    await assert.rejects(home.login({ ...options, replace: true }), { code: "identity_mismatch" });
  }));

Deno.test("the owner is compared without case", () =>
  withHome(async (home) => {
    const { identity } = await home.login({ owner: { name: "ADA@Example.com", source: "x" } });
    assert.equal(identity, owner);
  }));

for (const kind of ["pat", "oauth"] as const) {
  Deno.test(`another identity than the signed-in one (${kind}) needs --replace`, () =>
    withHome(async (home, machine) => {
      const { host } = home.profile;
      const eve = { host, identity: "eve@example.com" };
      await writeCredential(
        account,
        kind === "pat"
          ? { kind, ...eve, token: new Secret("of-eve"), obtainedAt: noon }
          : { kind, ...eve, issuer: "https://i.example", clientId: "fob", tokens: tokensOf(1) },
        home.store,
      );
      await assert.rejects(home.login(), {
        code: "identity_mismatch",
        facts: { option: "--replace" },
      });
      assert.deepEqual(machine.live(), []);
      await home.login({ replace: true });
      assert.deepEqual(machine.liveValues(), [await home.kept()]);
    }));
}

Deno.test("the next sign-in revokes the token that fob created for the previous one", () =>
  withHome(async (home, machine) => {
    await home.login();
    const { kept } = await home.login();
    assert.deepEqual(machine.live(), [kept.tokenId]);
  }));

Deno.test("of concurrent sign-ins, one token is stored, and the others are revoked", () =>
  withHome(async (home, machine) => {
    await Promise.all([home.login(), home.login(), home.login()]);
    assert.deepEqual(machine.liveValues(), [await home.kept()]);
  }));

for (const [fault, why] of [["403", "HTTP 403"], ["400", "HTTP 400"]] as const) {
  Deno.test(`a pasted token is stored, with a notice, only if no token can be created (${fault})`, () =>
    withHome(async (home, machine) => {
      await machine.server.fault("token_create", fault);
      const { kept, identity } = await home.login();
      assert.deepEqual([await home.kept(), kept.tokenId, identity], [rootValue, undefined, owner]);
      assert.match(
        machine.notices[0] ?? "",
        new RegExp(`${why}.*it stores the pasted one$`),
      );
      assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
    }));
}

Deno.test("a lifetime that the host refuses is an error, and nothing is stored", () =>
  withHome(async (home, machine) => {
    machine.server.setLongestLife(30 * 86_400);
    await assert.rejects(home.login(), (error) => {
      assert.ok(error instanceof FobError);
      assert.deepEqual([error.code, error.facts["option"]], ["provider_refused", "--lifetime"]);
      return true;
    });
    assert.deepEqual([machine.live(), await machine.noted(), await home.kept()], [
      [],
      [],
      undefined,
    ]);
    await home.login({ lifetime: 30 * day });
    assert.equal(machine.live().length, 1);
  }));

Deno.test("a busy server is retried, and an unreachable one is an error that stores nothing", () =>
  withHome(async (home, machine) => {
    await machine.server.fault("token_create", "503", 2);
    await home.login();
    await machine.server.fault("token_create", "lost");
    const before = machine.live();
    await assert.rejects(home.login(), { code: "provider_unreachable" });
    assert.deepEqual([machine.live(), await machine.noted()], [before, []]);
  }));

Deno.test("a token that the server refuses is rejected, without trying another credential", () =>
  withHome(async (home, machine) => {
    await assert.rejects(home.login({}, "dapi-unknown"), { code: "provider_refused" });
    assert.deepEqual(machine.server.requests.map(({ route }) => route), ["me"]);
    assert.equal(home.store.contents().size, 0);
  }));

Deno.test("a store failure leaves no token at the server", () =>
  withHome(async (home, machine) => {
    const needs = home.needs();
    const store = Object.assign(Object.create(home.store), {
      get: () => Promise.resolve(undefined),
      assertWritable: () => Promise.resolve(),
      set: () => {
        home.store.failure = "store_denied";
        return home.store.assertWritable();
      },
    });
    await assert.rejects(home.login({}, rootValue, { ...needs, store }), { code: "store_denied" });
    assert.deepEqual([machine.live(), await machine.noted()], [[], []]);
  }));

Deno.test("a sign-in that is killed at any step leaves a stored token, or one that the next sign-in revokes", async () => {
  for (let steps = 0, step = ""; step !== "done"; steps++) {
    await withHome(async (home, machine) => {
      const run = new KilledRun(steps);
      const needs = { ...home.needs(), ...run.bind(machine.needs()) };
      const login = home.login({}, rootValue, needs).then(() => "done");
      step = await Promise.race([run.death, login]);
      // The kernel releases the lock of a killed process.
      await home.login({}, rootValue, { ...home.needs(), turns: new MemoryLocks() });
      assert.deepEqual(machine.liveValues(), [await home.kept()], step);
      assert.deepEqual(await machine.noted(), [], step);
    });
  }
});

Deno.test("the tokens to revoke after a sign-in are all of the person's except the stored one", () =>
  withHome(async (home, machine) => {
    const login = await home.login();
    const others = await otherTokens(login, machine.needs().issuer);
    assert.deepEqual(others.map(({ id }) => id), [machine.rootId]);
  }));
