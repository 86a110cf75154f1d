import assert from "node:assert/strict";
import { gh } from "../../../../src/migrate/sources/gh.ts";
import { environmentOf } from "../../../fakes/machine/environment.ts";

const text = `github.com:
    users:
        ada:
            oauth_token: gho_ada # hers
        bob:
            oauth_token: "gho_bob"
    oauth_token: gho_ada
    user: ada
`;

Deno.test("gh's file is found where gh looks for it", () => {
  const paths = (variables: Record<string, string>): string[] =>
    gh.paths(environmentOf(variables), "linux");
  assert.deepEqual(paths({ HOME: "/h" }), ["/h/.config/gh/hosts.yml"]);
  assert.deepEqual(paths({ HOME: "/h", XDG_CONFIG_HOME: "/x" }), ["/x/gh/hosts.yml"]);
  assert.deepEqual(paths({ GH_CONFIG_DIR: "/g", XDG_CONFIG_HOME: "/x" }), ["/g/hosts.yml"]);
  assert.throws(() => paths({}), { code: "config_invalid" });
});

Deno.test("on Windows gh's file is in a directory with another name", () => {
  const paths = (variables: Record<string, string>): string[] =>
    gh.paths(environmentOf({ USERPROFILE: "C:/me", ...variables }), "windows");
  const roaming = { APPDATA: "C:/r" };
  assert.deepEqual(paths(roaming), ["C:/r/GitHub CLI/hosts.yml"]);
  assert.deepEqual(paths({}), ["C:/me/.config/gh/hosts.yml"]);
  assert.deepEqual(paths({ ...roaming, XDG_CONFIG_HOME: "C:/x" }), ["C:/x/gh/hosts.yml"]);
  assert.deepEqual(paths({ ...roaming, GH_CONFIG_DIR: "C:/g" }), ["C:/g/hosts.yml"]);
});

Deno.test("the token of a user is one finding, named by the host if the user is active", () => {
  const found = gh.find([{ path: "hosts.yml", text }], 0);
  assert.deepEqual(
    found.map(({ secret, profile, places }) => [
      secret.reveal(),
      profile,
      places.map(({ key, start, end }) => [key, text.slice(start, end)]),
    ]),
    [
      ["gho_ada", { name: "github.com", provider: "token", host: "https://github.com" }, [
        ["github.com.oauth_token", "    oauth_token: gho_ada\n"],
        ["github.com.users.ada.oauth_token", "            oauth_token: gho_ada # hers\n"],
      ]],
      ["gho_bob", { name: "bob@github.com", provider: "token", host: "https://github.com" }, [
        ["github.com.users.bob.oauth_token", '            oauth_token: "gho_bob"\n'],
      ]],
    ],
  );
});

Deno.test("a missing file of gh, or one without a token, has no finding", () => {
  const without = "github.com:\n    users:\n        ada:\n    user: ada\n    oauth_token: ''\n";
  assert.deepEqual(gh.find([{ path: "hosts.yml", text: without }], 0), []);
  assert.deepEqual(gh.find([{ path: "hosts.yml", text: "" }], 0), []);
});
