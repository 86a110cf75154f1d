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

Deno.test("a variable with a token is a warning, also that of a platform", () => {
  const set = { API_TOKEN: "t-1", FORGE_PAT: "t-2", FOB_PROFILE: "work", OTHER: "x" };
  assert.deepEqual(states(set), [
    ["env:API_TOKEN", "warn"],
    ["env:FORGE_PAT", "warn"],
    ["env:FOB_PROFILE", "ok"],
  ]);
});

Deno.test("variables with a proof of a workload identity are a warning, other ones are listed", () => {
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

Deno.test("without variables there is one check", () => {
  assert.deepEqual(states({}), [["env", "ok"]]);
});

Deno.test("no value of a variable is shown", () => {
  const set = { API_TOKEN: "hush", API_HOST: "hush", FORGE_TOKEN: "hush", BROWSER: "hush" };
  const checks = checkEnvironment({
    environment: environmentOf(set),
    platforms,
    profileSources: [],
  });
  assert.equal(checks.length, 4);
  assert.doesNotMatch(JSON.stringify(checks), /hush/);
});
