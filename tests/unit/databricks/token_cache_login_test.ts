import assert from "node:assert/strict";
import fc from "fast-check";
import { type DatabricksProfile, DatabricksProfiles } from "../../../src/databricks/config_file.ts";
import type { DatabricksServer } from "../../../src/databricks/host.ts";
import {
  keysToRemove,
  type LegacyLogin,
  readLegacyLogin,
  writeLegacyLogin,
} from "../../../src/databricks/token_cache_login.ts";
import type { TokenSet } from "../../../src/oauth/token_set.ts";
import { Secret } from "../../../src/secret.ts";
import { TokenCacheFile } from "../../../src/stores/token_cache_file.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

const host = "https://h.example";
const workspace: DatabricksServer = { type: "workspace", host };
const accounts = "https://accounts.cloud.example";
const account: DatabricksServer = { type: "account", host: accounts, accountId: "account-id" };
const now = Date.UTC(2026, 10, 22, 9);

type Cache = TokenCacheFile & AsyncDisposable;

/** Opens a cache in a temporary directory, with tokens as Databricks' CLI writes them. */
async function open(tokens: Readonly<Record<string, object>> = {}): Promise<Cache> {
  const directory = await makeTemporaryDirectory();
  const path = `${directory.path}/token-cache.json`;
  await Deno.writeTextFile(path, JSON.stringify({ version: 1, tokens }), { mode: 0o600 });
  const cache = new TokenCacheFile({ path, clock: systemClock(), notice: () => {} });
  return Object.assign(cache, { [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() });
}

function token(name: string): object {
  return {
    access_token: `access-${name}`,
    token_type: "Bearer",
    refresh_token: `refresh-${name}`,
    expiry: "2026-11-22T11:00:00+01:00",
    expires_in: 3600,
  };
}

function tokenSet(name: string): TokenSet {
  return {
    accessToken: new Secret(`access-${name}`),
    tokenType: "Bearer",
    refreshToken: new Secret(`refresh-${name}`),
    obtainedAt: now,
    expiresAt: now + 3_600_000,
  };
}

async function accessTokens(cache: TokenCacheFile): Promise<Record<string, string | undefined>> {
  const entries = (await cache.keys()).map(async (key) =>
    [key, (await cache.read(key))?.accessToken.reveal()] as const
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function requireLogin(name: string, cache: TokenCacheFile): Promise<LegacyLogin> {
  const login = await readLegacyLogin(name, workspace, cache);
  assert.ok(login !== undefined, `no login for ${name}`);
  return login;
}

Deno.test("a profile's login is read with its server and client", async () => {
  await using cache = await open({ work: token("work"), [host]: token("host") });
  const login = await requireLogin("work", cache);
  assert.deepEqual(login, {
    from: "profile",
    credential: {
      kind: "oauth",
      host,
      issuer: `${host}/oidc`,
      clientId: "databricks-cli",
      tokens: tokenSet("work"),
    },
  });
  const { accessToken, refreshToken } = login.credential.tokens;
  assert.deepEqual([accessToken.reveal(), refreshToken?.reveal()], ["access-work", "refresh-work"]);
});

Deno.test("a profile without a login gets the login of its server, marked as such", async () => {
  const key = `${accounts}/oidc/accounts/account-id`;
  await using cache = await open({ [key]: token("host"), other: token("other") });
  for (const name of ["work", undefined]) {
    const login = await readLegacyLogin(name, account, cache);
    assert.equal(login?.from, "host");
    assert.equal(login?.credential.issuer, key);
    assert.equal(login?.credential.tokens.accessToken.reveal(), "access-host");
  }
  assert.equal(await readLegacyLogin("work", workspace, cache), undefined);
});

Deno.test("a profile's login is stored under its name and its server", async () => {
  await using cache = await open({ work: token("old") });
  const login = await requireLogin("work", cache);
  const credential = { ...login.credential, tokens: tokenSet("new") };
  await writeLegacyLogin({ ...login, credential }, "work", workspace, cache);
  assert.deepEqual(await accessTokens(cache), { work: "access-new", [host]: "access-new" });
});

Deno.test("a server's login that a profile refreshes is stored only under the server", async () => {
  await using cache = await open({ [host]: token("old") });
  const login = await requireLogin("work", cache);
  const credential = { ...login.credential, tokens: tokenSet("new") };
  await writeLegacyLogin({ ...login, credential }, "work", workspace, cache);
  assert.deepEqual(await accessTokens(cache), { [host]: "access-new" });
});

Deno.test("no sequence of logins, refreshes and logouts stores a server's login under a profile", async () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b"),
    act: fc.constantFrom("login", "refresh", "logout"),
  });
  const profiles = new DatabricksProfiles(
    ["a", "b"].map((name) => `[${name}]\nhost=h.example\nauth_type=databricks-cli\n`).join(""),
    "",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      await using cache = await open({ [host]: token("host") });
      const signedIn = new Set<string>();
      for (const { name, act } of steps) {
        if (act === "login") {
          const credential = {
            kind: "oauth",
            issuer: "",
            clientId: "",
            tokens: tokenSet(name),
          } as const;
          await writeLegacyLogin({ credential, from: "profile" }, name, workspace, cache);
          signedIn.add(name);
        } else if (act === "logout") {
          await cache.remove(keysToRemove(profiles.require(name), profiles.all()));
          signedIn.delete(name);
        } else {
          const login = await readLegacyLogin(name, workspace, cache);
          assert.equal(login?.from, signedIn.has(name) ? "profile" : "host");
          if (login !== undefined) await writeLegacyLogin(login, name, workspace, cache);
        }
        const { [host]: shared, ...own } = await accessTokens(cache);
        assert.notEqual(shared, undefined);
        const expected = [...signedIn].map((name) => [name, `access-${name}`]);
        assert.deepEqual(own, Object.fromEntries(expected));
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("missing times in the cache are not invented", async () => {
  await using cache = await open({
    endless: { access_token: "x", refresh_token: "r", expiry: "0001-01-01T00:00:00Z" },
    old: { access_token: "x", refresh_token: "r", expiry: "2026-11-22T10:00:00Z" },
    refreshOnly: { access_token: "", refresh_token: "r", expiry: "2026-11-22T10:00:00Z" },
  });
  const lives: [name: string, obtainedAt: number, expiresAt: number | undefined][] = [
    ["endless", 0, undefined],
    ["old", 0, now + 3_600_000],
    ["refreshOnly", 0, 0],
  ];
  for (const [name, obtainedAt, expiresAt] of lives) {
    const login = await requireLogin(name, cache);
    const { tokens } = login.credential;
    assert.deepEqual([tokens.obtainedAt, tokens.expiresAt], [obtainedAt, expiresAt], name);
    await writeLegacyLogin(login, name, workspace, cache);
    assert.equal((await cache.read(name))?.expiresIn, undefined, name);
  }
});

function profilesIn(sections: Readonly<Record<string, string>>): DatabricksProfile[] {
  const text = Object.entries(sections).map(([name, keys]) =>
    `[${name}]\n${keys.replaceAll(" ", "\n")}\n`
  ).join("");
  return new DatabricksProfiles(text, "").all();
}

const u2m = "auth_type=databricks-cli";
const onAccount = `host=${accounts} account_id=account-id`;
const accountKey = `${accounts}/oidc/accounts/account-id`;

const logouts: [
  what: string,
  sections: Readonly<Record<string, string>>,
  keys: string[],
][] = [
  [
    "behavior 17: for an account, the name and the server's key",
    { dev: `${onAccount} ${u2m}` },
    ["dev", accountKey],
  ],
  [
    "behavior 18: for a server that another login uses, only the name",
    { dev: `${onAccount} ${u2m}`, staging: `${onAccount} ${u2m}` },
    ["dev"],
  ],
  [
    "for a server shared with a profile that has a token, both",
    { dev: `${onAccount} ${u2m}`, pat: `${onAccount} token=x auth_type=pat`, m2m: onAccount },
    ["dev", accountKey],
  ],
  [
    "for an account at the host of another account, both",
    { dev: `${onAccount} ${u2m}`, other: `host=${accounts} account_id=other ${u2m}` },
    ["dev", accountKey],
  ],
  [
    "behavior 19: for a workspace with a stale account, the name, the host and the account's key",
    { dev: `host=${host}/ account_id=stale ${u2m}` },
    ["dev", host, `${host}/oidc/accounts/stale`],
  ],
  [
    "for a workspace with a stale account that another login uses, not the host",
    { dev: `host=${host} account_id=stale ${u2m}`, other: `host=h.example ${u2m}` },
    ["dev", `${host}/oidc/accounts/stale`],
  ],
  [
    "for a host shared with a login of another account, the key of its own account",
    { dev: `host=${host} account_id=1 ${u2m}`, other: `host=${host} account_id=2 ${u2m}` },
    ["dev", `${host}/oidc/accounts/1`],
  ],
  [
    "for a host without known metadata, all possible keys",
    { dev: `host=${host} account_id=1 ${u2m}` },
    ["dev", host, `${host}/oidc/accounts/1`],
  ],
  [
    "for the accounts console without an account, only the name",
    { dev: `host=${accounts} ${u2m}` },
    ["dev"],
  ],
  ["behavior 23: for a profile with a token, nothing", { dev: `host=${host} token=x` }, []],
];

for (const [what, sections, keys] of logouts) {
  Deno.test(`keys that a logout removes: ${what}`, () => {
    const profiles = profilesIn(sections);
    const [first] = profiles;
    assert.deepEqual(first && keysToRemove(first, profiles), keys);
  });
}

Deno.test("a logout removes only its own login from the file", async () => {
  await using cache = await open({
    dev: token("a"),
    [accountKey]: token("a"),
    staging: token("b"),
  });
  const profiles = profilesIn({ dev: `${onAccount} ${u2m}` });
  const [dev = assert.fail("no profile")] = profiles;
  assert.deepEqual(await cache.remove(keysToRemove(dev, profiles)), ["dev", accountKey]);
  assert.deepEqual(await cache.keys(), ["staging"]);
});
