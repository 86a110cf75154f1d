import assert from "node:assert/strict";
import type { Finding } from "../../../../src/migrate/source.ts";
import { databricks } from "../../../../src/migrate/sources/databricks.ts";
import { environmentOf } from "../../../fakes/machine/environment.ts";
import { noon } from "../../../fakes/stores/credentials.ts";

function findIn(config: string, cache: object | string = ""): Finding[] {
  const text = typeof cache === "string" ? cache : JSON.stringify({ version: 1, tokens: cache });
  return databricks.find([{ path: "cfg", text: config }, { path: "cache", text }], noon);
}

function keysOf(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ places }) => places.map(({ key }) => key));
}

const fresh = { access_token: "at-1", expiry: "2026-01-02T13:00:00.123456789Z" };

Deno.test("the files of Databricks are found where its tools look for them", () => {
  const paths = (variables: Record<string, string>): string[] =>
    databricks.paths(environmentOf(variables), "linux");
  const cache = "/h/.databricks/token-cache.json";
  assert.deepEqual(paths({ HOME: "/h" }), ["/h/.databrickscfg", cache]);
  const set = { HOME: "/h", DATABRICKS_CONFIG_FILE: "~/mine" };
  assert.deepEqual(paths(set), ["/h/mine", cache]);
  const profile = environmentOf({ USERPROFILE: "C:/me", DATABRICKS_CONFIG_FILE: "~\\mine" });
  const onWindows = ["C:/me\\mine", "C:/me/.databricks/token-cache.json"];
  assert.deepEqual(databricks.paths(profile, "windows"), onWindows);
});

Deno.test("the token of a section is for the host and the name of the section", () => {
  const text = "; mine\r\n[a b]\r\nhost = https://a.example/?o=1\r\ntoken = dapi1 ; keep\r\nx = y";
  const [found, ...others] = findIn(text);
  assert.equal(found?.secret.reveal(), "dapi1");
  assert.deepEqual(found?.profile, { name: "a-b", provider: "token", host: "https://a.example" });
  const { start, end } = found?.places[0] ?? {};
  assert.equal(text.slice(start, end), "token = dapi1 ; keep\r\n");
  assert.equal(others.length, 0);
});

Deno.test("secrets of kinds that fob does not store are found and skipped", () => {
  const found = findIn("[m]\nclient_id = x\nclient_secret = s\npassword = p\n");
  assert.deepEqual(keysOf(found), ["[m] client_secret", "[m] password"]);
  assert.deepEqual(found.map(({ obstacle }) => obstacle), ["unsupported", "unsupported"]);
});

Deno.test("the settings section is not a profile, and an empty token is not a secret", () => {
  assert.deepEqual(findIn("[__settings__]\ntoken = x\n[a]\ntoken =\n[b]\nhost = https://b\n"), []);
});

Deno.test("a token that the tools read differently is ambiguous", () => {
  const texts = [
    '[a]\ntoken = "dapi1"\n',
    "[a]\ntoken = dapi1\\\nmore\n",
    "[a]\ntoken = dapi1\n   more\n",
    "[a]\nnote = one \\\r\ntoken = dapi1\n",
    "[a]\ntoken = dapi1\ntoken = dapi2\n",
    "[a]\ntoken = dapi 1\n",
  ];
  for (const text of texts) assert.equal(findIn(text)[0]?.obstacle, "ambiguous", text);
  assert.equal(findIn("[a]\n  token = dapi1\n  host = a.example\n")[0]?.obstacle, undefined);
});

Deno.test("a valid access token under a profile's name is migrated, its refresh token never", () => {
  const found = findIn("[u]\nhost = u.example\n", { u: { ...fresh, refresh_token: "rt-1" } });
  const [token, refresh] = found;
  assert.deepEqual(token?.profile, { name: "u", provider: "token", host: "https://u.example" });
  assert.equal(token?.obstacle, undefined);
  assert.equal(token?.expiresAt, Date.UTC(2026, 0, 2, 13, 0, 0, 123));
  assert.equal(refresh?.obstacle, "foreign-refresh-token");
  const [expired] = findIn("", { u: { ...fresh, expiry: "2026-01-02T13:00:00+02:00" } });
  assert.equal(expired?.obstacle, "expired");
});

Deno.test("a time that is not set is not an expiry", () => {
  const [found] = findIn("", { u: { ...fresh, expiry: "0001-01-01T00:00:00Z" } });
  assert.equal(found?.obstacle, undefined);
  assert.equal(found?.expiresAt, undefined);
});

Deno.test("a login under a host is only offered, for the only profile with that host or a new one", () => {
  const host = "https://u.example";
  const offer = (config: string, more: object = {}): unknown[] => {
    const found = findIn(config, { ...more, [host]: fresh }).at(-1);
    return [found?.profile?.name, found?.profile?.host, found?.offeredAs];
  };
  assert.deepEqual(offer("[u]\nhost = u.example\n"), ["u", host, host]);
  assert.deepEqual(offer(""), ["u.example", host, host]);
  assert.deepEqual(offer("[u]\nhost = u.example\n[v]\nhost = https://u.example/\n"), [
    "u.example",
    host,
    host,
  ]);
  assert.deepEqual(offer("[u]\nhost = u.example\n", { u: fresh }), ["u.example", host, host]);
  assert.deepEqual(offer("[u]\nhost = u.example\ntoken = d\n"), ["u.example", host, host]);
});

Deno.test("a host that cannot be typed is not offered", () => {
  for (
    const host of ["https://u.example/\u001b[2J", "https://u\u202e.example", "https://me:pw@u"]
  ) {
    const [found] = findIn("", { [host]: fresh });
    assert.deepEqual([found?.obstacle, found?.offeredAs], ["no-address", undefined], host);
  }
});

Deno.test("an invalid cache, or one of another version, is rejected without quoting it", () => {
  const texts = ["{hunter2", '"hunter2"', '{"version":2,"tokens":{"a":"hunter2"}}'];
  for (const text of texts) {
    assert.throws(() => findIn("", text), (error: Error & { code?: string }) => {
      assert.equal(error.code, "config_invalid");
      assert.match(
        error.message,
        /^Cannot read "cache": (it is not a JSON object|version 2 is not supported)/,
      );
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  }
  const twice = '{"version":1,"tokens":{"a":{"access_token":"x","access_token":"y"}}}';
  assert.throws(() => findIn("", twice), /duplicate name/);
});
