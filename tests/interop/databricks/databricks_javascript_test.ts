/** Databricks' own SDK for JavaScript, unmodified, with fob instead of Databricks' CLI. */
import { equal, match, notEqual } from "node:assert/strict";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import { type DatabricksHome, openDatabricksHome } from "./databricks_home.ts";

const ignore = Deno.build.os === "windows";

/** Runs a program that uses the SDK and asks the host for the current user. */
function askWhoAmI(
  { directory, env, server }: DatabricksHome,
  variables: Readonly<Record<string, string>>,
): Promise<Run> {
  const path = (name: string): string => new URL(name, import.meta.url).pathname;
  const words = ["run", "-A", "-q", `--config=${path("../../../deno.json")}`];
  return runProgram([Deno.execPath(), ...words, path("sdk_javascript.ts")], {
    cwd: directory,
    env: { ...env, DATABRICKS_HOST: server.host.origin, ...variables },
  });
}

/** Ways for a program to find fob's login. */
const ways: readonly [string, string, (home: DatabricksHome) => Record<string, string>][] = [
  ["DATABRICKS_CLI_PATH", "fob", ({ path }) => ({
    DATABRICKS_CLI_PATH: path,
    DATABRICKS_CONFIG_PROFILE: "p",
  })],
  ["a file named databricks on PATH", "databricks", () => ({})],
];

for (const [way, name, variablesOf] of ways) {
  Deno.test({
    name: `Databricks' SDK for JavaScript signs in through fob by ${way}`,
    ignore,
    fn: async () => {
      await using home = await openDatabricksHome(name);
      const run = await askWhoAmI(home, variablesOf(home));
      equal(run.code, 0, run.stderr);
      equal(run.stdout, "ada@example.com\n");
      equal(
        home.server.requests.findLast(({ route }) => route === "me")?.principal,
        "ada@example.com",
      );
    },
  });
}

Deno.test({
  name: "Databricks' SDK for JavaScript tries other ways without a login",
  ignore,
  fn: async () => {
    await using home = await openDatabricksHome("databricks");
    await home.fob("auth", "logout", "p", "--auto-approve");
    const run = await askWhoAmI(home, {});
    notEqual(run.code, 0);
    match(run.stderr, /cannot configure default credentials/);
  },
});

Deno.test({
  name: "after fob connect databricks, the SDK for JavaScript gets tokens from fob until --undo",
  ignore,
  fn: async () => {
    await using home = await openDatabricksHome("fob");
    const file = `${home.directory}/.databrickscfg`;
    const before = await Deno.readTextFile(file);
    const ask = (): Promise<Run> => askWhoAmI(home, { DATABRICKS_CONFIG_PROFILE: "p" });
    notEqual((await ask()).code, 0, "the SDK has used another way");
    const connected = await home.fob("connect", "databricks", "p");
    equal(connected.code, 0, connected.stderr);
    const run = await ask();
    equal(run.code, 0, run.stderr);
    equal(run.stdout, "ada@example.com\n");
    const undone = await home.fob("connect", "databricks", "--undo");
    equal(undone.code, 0, undone.stderr);
    equal(await Deno.readTextFile(file), before);
    notEqual((await ask()).code, 0);
  },
});
