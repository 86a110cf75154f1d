/** The responses of the metadata service of `fob exec --serve` for Databricks SDKs. */
import { equal, match, ok } from "node:assert/strict";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { type DatabricksHome, openDatabricksHome } from "../databricks/databricks_home.ts";

const ignore = Deno.build.os === "windows";

/** Runs a program under `fob exec --serve`, in an environment with other credentials. */
async function runServed(
  { path, directory, env }: DatabricksHome,
  argv: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Run> {
  return await runProgram([path, "exec", "p", "--serve", "--", ...argv], {
    cwd: directory,
    env: {
      ...env,
      DATABRICKS_TOKEN: "dapi-wrong",
      DATABRICKS_CLIENT_ID: "wrong",
      DATABRICKS_CLIENT_SECRET: "wrong",
      DATABRICKS_CONFIG_PROFILE: "wrong",
      ...more,
    },
  });
}

for (const zone of ["UTC", "Asia/Kolkata", "America/St_Johns"]) {
  Deno.test({
    name: `the request of the Python SDK returns a token and its expiry in ${zone}`,
    ignore: ignore || (await missingRigs()).includes("python"),
    fn: async () => {
      await using home = await openDatabricksHome("fob");
      const program = `${import.meta.dirname}/metadata_python.py`;
      const run = await runServed(home, ["/usr/bin/python3", "-B", program], { TZ: zone });
      equal(run.code, 0, run.stderr);
      const { header, left } = JSON.parse(run.stdout);
      match(header, /^Bearer /);
      equal(home.server.principalOf(header.slice("Bearer ".length)), "ada@example.com");
      ok(left > 3_400 && left <= 3_600, `${left} s are left`);
    },
  });
}

/**
 * Sends the request of databricks-sdk-go (config/auth_metadata_service.go, config/azure.go `msiToken`):
 * the address must be on loopback, and `expires_on` an integer.
 */
const go = `
  const { DATABRICKS_METADATA_SERVICE_URL: address, DATABRICKS_HOST: host } = Deno.env.toObject();
  const { hostname } = new URL(address);
  if (hostname !== "localhost" && hostname !== "127.0.0.1") throw new Error("not local");
  const ask = (headers) => fetch(address, { headers });
  const version = { "X-Databricks-Metadata-Version": "1" };
  const answer = await ask({ ...version, "X-Databricks-Host": host });
  const { access_token, expires_on } = await answer.json();
  if (!Number.isInteger(expires_on)) throw new Error("no integer: " + expires_on);
  const refusals = [{}, version, { "X-Databricks-Host": host },
    { ...version, "X-Databricks-Host": "https://other.example" },
    { ...version, "X-Databricks-Host": host, Origin: "https://evil.example" }];
  const statuses = [];
  for (const headers of refusals) statuses.push((await ask(headers)).status);
  console.log(JSON.stringify({ access_token, expires_on, statuses }));`;

Deno.test({
  name: "the request of the Go SDK returns a token, and 4xx for another version or host",
  ignore,
  fn: async () => {
    await using home = await openDatabricksHome("fob");
    const run = await runServed(home, [Deno.execPath(), "eval", go]);
    equal(run.code, 0, run.stderr);
    const { access_token, expires_on, statuses } = JSON.parse(run.stdout);
    equal(home.server.principalOf(access_token), "ada@example.com");
    ok(Math.abs(expires_on - Date.now() / 1000 - 3_600) < 200, `${expires_on}`);
    equal(statuses.join(), "400,403,400,403,403");
  },
});

Deno.test({
  name: "Databricks' SDK for JavaScript signs in with the metadata service, without a CLI",
  ignore,
  fn: async () => {
    await using home = await openDatabricksHome("fob");
    const [config = "", program = ""] = ["../../../deno.json", "../databricks/sdk_javascript.ts"]
      .map((name) => new URL(name, import.meta.url).pathname);
    const argv = [Deno.execPath(), "run", "-A", "-q", `--config=${config}`, program];
    const run = await runServed(home, argv);
    equal(run.code, 0, run.stderr);
    equal(run.stdout, "ada@example.com\n");
  },
});

Deno.test({
  name: "the environment has no variable that an SDK prefers to the metadata service",
  ignore,
  fn: async () => {
    await using home = await openDatabricksHome("fob");
    const run = await runServed(home, ["/usr/bin/env"]);
    const names = run.stdout.split("\n").map((line) => line.split("=", 1)[0] ?? "");
    equal(
      names.filter((name) => name.startsWith("DATABRICKS_")).sort().join(),
      "DATABRICKS_AUTH_TYPE,DATABRICKS_HOST,DATABRICKS_METADATA_SERVICE_URL",
    );
    match(run.stdout, /^DATABRICKS_AUTH_TYPE=metadata-service$/m);
  },
});
