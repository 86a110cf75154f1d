import assert from "node:assert/strict";
import { profileSources } from "../../../src/composition/profile_sources.ts";
import { checkEnvironment } from "../../../src/doctor/environment.ts";
import { databricks } from "../../../src/providers/databricks/platform.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";

const platforms = [{
  id: "forge",
  title: "Forge",
  variables: { token: ["FORGE_TOKEN", "FORGE_PAT"] },
}] as const;

function states(variables: Readonly<Record<string, string>>): (readonly [string, string])[] {
  const checks = checkEnvironment({
    environment: environmentOf(variables),
    platforms,
    profileSources: [],
  });
  return checks.map(({ id, state }) => [id, state] as const);
}

Deno.test("a variable that answers in place of a login is warned of, a platform's own too", () => {
  const set = { API_TOKEN: "t-1", FORGE_PAT: "t-2", FOB_PROFILE: "work", OTHER: "x" };
  assert.deepEqual(states(set), [
    ["env:API_TOKEN", "warn"],
    ["env:FORGE_PAT", "warn"],
    ["env:FOB_PROFILE", "ok"],
  ]);
});

Deno.test("what signs a program in is warned of, and what only shapes that is told", () => {
  const set = {
    DATABRICKS_CLIENT_SECRET: "hush",
    DATABRICKS_HOST: "h",
    DATABRICKS_AUTH_TYPE: "pat",
  };
  const needs = { environment: environmentOf(set), platforms: [databricks], profileSources };
  const checks = checkEnvironment(needs).map(({ id, state }) => [id, state]);
  assert.deepEqual(checks, [
    ["env:DATABRICKS_CLIENT_SECRET", "warn"],
    ["env:DATABRICKS_AUTH_TYPE", "ok"],
    ["env:DATABRICKS_HOST", "ok"],
  ]);
});

Deno.test("without any variable, that is said", () => {
  assert.deepEqual(states({}), [["env", "ok"]]);
});

Deno.test("no value of a variable is told", () => {
  const set = { API_TOKEN: "hush", API_HOST: "hush", FORGE_TOKEN: "hush", BROWSER: "hush" };
  const checks = checkEnvironment({
    environment: environmentOf(set),
    platforms,
    profileSources: [],
  });
  assert.equal(checks.length, 4);
  assert.doesNotMatch(JSON.stringify(checks), /hush/);
});
