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

Deno.test("a pasted token is validated, and one of fob's own is kept in its place", () =>
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

Deno.test("another owner's token is refused, and nothing is made or kept", () =>
  withHome(async (home, machine) => {
    const wish = { owner: { name: "eve@example.com", source: "--owner" } };
    await assert.rejects(home.login(wish), {
      code: "identity_mismatch",
      message: 'The token belongs to "ada@example.com", not to "eve@example.com" (--owner)',
    });
    assert.deepEqual([machine.live(), await machine.noted(), home.store.contents().size], [
      [],
      [],
      0,
    ]);
    assert.equal(home.profileFile.writes, 0);
    await assert.rejects(home.login({ ...wish, replace: true }), { code: "identity_mismatch" });
  }));

Deno.test("an owner's case does not matter", () =>
  withHome(async (home) => {
    const { identity } = await home.login({ owner: { name: "ADA@Example.com", source: "x" } });
    assert.equal(identity, owner);
  }));

for (const kind of ["pat", "oauth"] as const) {
  Deno.test(`another identity than the one signed in (${kind}) needs --replace`, () =>
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

Deno.test("the next login ends the token that fob had made for the one before", () =>
  withHome(async (home, machine) => {
    await home.login();
    const { kept } = await home.login();
    assert.deepEqual(machine.live(), [kept.tokenId]);
  }));

Deno.test("of logins at once, one token is kept, and none of the others is left", () =>
  withHome(async (home, machine) => {
    await Promise.all([home.login(), home.login(), home.login()]);
    assert.deepEqual(machine.liveValues(), [await home.kept()]);
  }));

for (const [fault, why] of [["403", "HTTP 403"], ["400", "HTTP 400"]] as const) {
  Deno.test(`a pasted token is kept only where none can be made (${fault}), and fob says so`, () =>
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

Deno.test("a life that the host does not give is told as that, and nothing is kept in its place", () =>
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

Deno.test("a server that is busy for a moment is asked again; one that is away leaves nothing kept", () =>
  withHome(async (home, machine) => {
    await machine.server.fault("token_create", "503", 2);
    await home.login();
    await machine.server.fault("token_create", "lost");
    const before = machine.live();
    await assert.rejects(home.login(), { code: "provider_unreachable" });
    assert.deepEqual([machine.live(), await machine.noted()], [before, []]);
  }));

Deno.test("a token that the server does not take is refused, with no other credential asked", () =>
  withHome(async (home, machine) => {
    await assert.rejects(home.login({}, "dapi-of-nobody"), { code: "provider_refused" });
    assert.deepEqual(machine.server.requests.map(({ route }) => route), ["me"]);
    assert.equal(home.store.contents().size, 0);
  }));

Deno.test("a store that fails in the end leaves no token at the server", () =>
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

Deno.test("a login that is killed at any step leaves a token that is kept, or one that the next login ends", async () => {
  for (let steps = 0, step = ""; step !== "done"; steps++) {
    await withHome(async (home, machine) => {
      const run = new KilledRun(steps);
      const needs = { ...home.needs(), ...run.bind(machine.needs()) };
      const login = home.login({}, rootValue, needs).then(() => "done");
      step = await Promise.race([run.death, login]);
      // The kernel frees the turn of who was killed.
      await home.login({}, rootValue, { ...home.needs(), turns: new MemoryLocks() });
      assert.deepEqual(machine.liveValues(), [await home.kept()], step);
      assert.deepEqual(await machine.noted(), [], step);
    });
  }
});

Deno.test("what may be ended after a login is everything of the person's but what is kept", () =>
  withHome(async (home, machine) => {
    const login = await home.login();
    const others = await otherTokens(login, machine.needs().issuer);
    assert.deepEqual(others.map(({ id }) => id), [machine.rootId]);
  }));
