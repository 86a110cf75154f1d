import { deepEqual, equal, match, ok } from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { type DatabricksHome, openDatabricksHome } from "./databricks_home.ts";
import type { SdkOutcome, SdkSetup } from "./sdk_caller.ts";
import { callAsGo } from "./sdk_go.ts";
import { callAsJava } from "./sdk_java.ts";
import { callAsPython } from "./sdk_python.ts";

const ignore = (await missingRigs()).includes("python");
const callers = { go: callAsGo, java: callAsJava, python: callAsPython };

async function call(
  caller: keyof typeof callers,
  { server, env }: DatabricksHome,
  more: Partial<SdkSetup> = {},
): Promise<SdkOutcome> {
  return await callers[caller]({ env, profile: "p", host: server.host.origin, ...more });
}

function tokenOf(outcome: SdkOutcome): string {
  ok(outcome.kind === "token", JSON.stringify(outcome));
  return outcome.token;
}

/** Ways for a program to find fob instead of Databricks' CLI: the file name, and the configuration. */
const ways: readonly [string, string, (home: DatabricksHome) => Partial<SdkSetup>][] = [
  ["a file named databricks on PATH", "databricks", () => ({})],
  ["databricks_cli_path", "fob", ({ path }) => ({ cliPath: path })],
];

for (const caller of Object.keys(callers) as (keyof typeof callers)[]) {
  for (const [way, name, setupOf] of ways) {
    Deno.test({
      name: `the ${caller} SDK gets a fresh token by ${way}`,
      ignore,
      fn: async () => {
        await using home = await openDatabricksHome(name);
        const setup = setupOf(home);
        const outcome = await call(caller, home, {
          ...setup,
          env: { ...home.env, ...(setup.cliPath ? { DATABRICKS_CLI_PATH: setup.cliPath } : {}) },
        });
        equal(home.server.principalOf(tokenOf(outcome)), "ada@example.com");
        ok(outcome.kind === "token");
        deepEqual(outcome.argv.slice(1), ["auth", "token", "--profile", "p", "--force-refresh"]);
        const left = outcome.expiresAt - Date.now();
        ok(left > 3_400_000 && left < 3_601_000, `${left} ms are left`);
      },
    });
  }

  Deno.test({
    name: `the ${caller} SDK tries other ways without a login`,
    ignore,
    fn: async () => {
      await using home = await openDatabricksHome("databricks");
      await home.fob("auth", "logout", "p", "--auto-approve");
      const outcome = await call(caller, home);
      equal(outcome.kind, "next", JSON.stringify(outcome));
    },
  });

  Deno.test({
    name: `the ${caller} SDK gets the reason if the login has expired`,
    ignore,
    fn: async () => {
      await using home = await openDatabricksHome("databricks");
      home.server.revokeAll();
      const outcome = await call(caller, home, { isForced: true });
      ok(outcome.kind === "error", JSON.stringify(outcome));
      match(outcome.why, /the refresh token is invalid/);
    },
  });
}

for (const TZ of ["UTC", "Europe/Berlin", "America/Los_Angeles"]) {
  Deno.test({
    name: `the Python SDK, which reads local time, gets the right expiry in ${TZ}`,
    ignore,
    fn: async () => {
      await using home = await openDatabricksHome("databricks", { TZ });
      const outcome = await call("python", home);
      ok(outcome.kind === "token", JSON.stringify(outcome));
      const left = outcome.expiresAt - Date.now();
      ok(left > 3_400_000 && left < 3_601_000, `${left} ms are left`);
    },
  });
}

Deno.test({
  name: "under the name databricks, a stored token loads nothing of Node",
  ignore,
  fn: async () => {
    await using home = await openDatabricksHome("databricks", { DENO_LOG_LAZY_LOAD: "1" });
    const nodeLines = async (...args: readonly string[]): Promise<string[]> => {
      const { code, stdout, stderr } = await home.fob(...args);
      equal(code, 0, stderr);
      return (stdout + stderr).split("\n").filter((line) => line.includes("deno_node"));
    };
    ok((await nodeLines("version")).length > 0, "the version needs the command parser");
    equal((await nodeLines("auth", "token", "--profile", "p")).length, 0);
    equal((await nodeLines("auth", "token", "--host", home.server.host.origin)).length, 0);
  },
});
