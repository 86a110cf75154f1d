import assert from "node:assert/strict";
import { databricksConfigPath, tokenCachePath } from "../../../src/databricks/paths.ts";
import { present } from "../../../src/present.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";

const paths: [variable: string | undefined, path: string][] = [
  [undefined, "/h/.databrickscfg"],
  ["", "/h/.databrickscfg"],
  ["~/mine", "/h/mine"],
  ["~other/mine", "~other/mine"],
  ["/etc/cfg", "/etc/cfg"],
];

for (const [variable, path] of paths) {
  Deno.test(`the profile file is ${path} if DATABRICKS_CONFIG_FILE is ${variable}`, () => {
    const set = present({ DATABRICKS_CONFIG_FILE: variable });
    assert.equal(databricksConfigPath(environmentOf({ HOME: "/h", ...set })), path);
  });
}

Deno.test("only a path in the home directory needs HOME", () => {
  const absolute = environmentOf({ DATABRICKS_CONFIG_FILE: "/etc/cfg" });
  assert.equal(databricksConfigPath(absolute), "/etc/cfg");
  for (const find of [databricksConfigPath, tokenCachePath]) {
    assert.throws(() => find(environmentOf({})), { code: "config_invalid" });
  }
});

Deno.test("no variable changes the path of the token cache", () => {
  const environment = environmentOf({ HOME: "/h", DATABRICKS_CONFIG_FILE: "/etc/cfg" });
  assert.equal(tokenCachePath(environment), "/h/.databricks/token-cache.json");
});
