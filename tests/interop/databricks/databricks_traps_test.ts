/** Outputs that make a Databricks SDK reject or misuse its CLI. fob avoids them. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Run } from "../../acceptance/runner/program.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { type DatabricksHome, openDatabricksHome } from "./databricks_home.ts";
import type { SdkOutcome, SdkSetup } from "./sdk_caller.ts";
import { callAsGo } from "./sdk_go.ts";
import { callAsJava } from "./sdk_java.ts";
import { callAsPython } from "./sdk_python.ts";

const ignore = (await missingRigs()).includes("python");
const callers = [callAsGo, callAsJava, callAsPython];

/** Registers a test of how fob avoids trap `number`. */
function trap(number: number, name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `trap ${number}: ${name}`, ignore, fn });
}

/** Gets a token of the profile `p`, or of the target in `more`, like Go, Java and Python. */
async function askAll(home: DatabricksHome, more: Partial<SdkSetup> = {}): Promise<SdkOutcome[]> {
  const outcomes: SdkOutcome[] = [];
  const setup = { env: home.env, profile: "p", host: home.server.host.origin, ...more };
  for (const call of callers) outcomes.push(await call(setup));
  return outcomes;
}

function assertServed(home: DatabricksHome, outcomes: readonly SdkOutcome[]): void {
  const users = outcomes.map((it) =>
    it.kind === "token" ? home.server.principalOf(it.token) : JSON.stringify(it)
  );
  deepEqual(users, outcomes.map(() => "ada@example.com"));
}

trap(1, "a binary is larger than the size limit of a legacy CLI", async () => {
  // Most of a binary is the runtime.
  const { size } = await Deno.stat(Deno.env.get("FOB_BIN") || Deno.execPath());
  ok(size > 1024 * 1024, `${size} bytes`);
});

trap(2, "a link works for all SDKs, although Python runs its target", async () => {
  await using home = await openDatabricksHome("fob");
  await Deno.symlink(home.path, `${home.directory}/bin/databricks`);
  assertServed(home, await askAll(home));
});

trap(3, "the version is JSON only with a flag", async () => {
  await using home = await openDatabricksHome("databricks", { DATABRICKS_OUTPUT_FORMAT: "json" });
  equal((await home.fob("version")).stdout, "Databricks CLI v1.13.0\n");
  const [go] = await askAll(home);
  ok(go?.kind === "token", JSON.stringify(go));
  deepEqual(go.argv.slice(1), ["auth", "token", "--profile", "p", "--force-refresh"]);
});

trap(4, "stdout has only JSON, and stderr nothing beside the version", async () => {
  await using home = await openDatabricksHome("databricks");
  const version = await home.fob("version", "--output", "json");
  equal(version.stderr, "");
  equal(JSON.parse(version.stdout).Major, 1);
  // The notice of a tightened file mode goes to another command.
  await Deno.chmod(`${home.directory}/.local/state/fob/credentials.json`, 0o644);
  const token = await home.fob("auth", "token", "--profile", "p");
  match(token.stderr, /Changed the mode of/);
  deepEqual(Object.keys(JSON.parse(token.stdout)), [
    "access_token",
    "token_type",
    "expiry",
    "expires_in",
  ]);
});

trap(5, "the version is printed long before the timeout of the SDKs", async () => {
  await using home = await openDatabricksHome("databricks");
  const start = performance.now();
  await home.fob("version", "--output", "json");
  ok(performance.now() - start < 5_000);
});

trap(
  6,
  "a token has its type, and its expiry as local time with a fraction and an offset",
  async () => {
    for (const [TZ, offset] of [["Europe/Berlin", "+0[12]:00"], ["UTC", "\\+00:00"]] as const) {
      await using home = await openDatabricksHome("databricks", { TZ });
      const { stdout } = await home.fob("auth", "token", "--profile", "p");
      const answer = JSON.parse(stdout);
      equal(answer.token_type, "Bearer");
      match(
        answer.expiry,
        RegExp(`^[\\d-]{10}T[\\d:]{8}\\.\\d*[1-9]\\d*${offset.replace(/^\+/, "\\+")}$`),
      );
      ok(Math.abs(Date.parse(answer.expiry) - Date.now() - 3_600_000) < 60_000, answer.expiry);
    }
  },
);

trap(
  7,
  'only a missing login has the text for "not configured", and no error has "not found"',
  async () => {
    await using home = await openDatabricksHome("databricks");
    const ask = (...words: readonly string[]): Promise<Run> => home.fob("auth", "token", ...words);
    const failures = [
      await ask("--profile", "missing"),
      await ask("missing"),
      await ask("--bogus"),
    ];
    for (const fault of ["404", "html", "error:server_error", "refuse"] as const) {
      await home.server.fault("token", fault);
      failures.push(await ask("--profile", "p", "--force-refresh"));
    }
    for (const { code, stderr } of failures) {
      equal(code, 1, stderr);
      ok(!/not found|databricks OAuth is not/i.test(stderr), stderr);
    }
    await home.fob("auth", "logout", "p", "--auto-approve");
    const { stderr } = await ask("--profile", "p");
    match(stderr, /databricks OAuth is not/);
  },
);

trap(8, "without a terminal, there is no prompt and no browser", async () => {
  await using home = await openDatabricksHome("databricks");
  await Deno.writeTextFile(`${home.directory}/.databrickscfg`, "[q]\nhost = https://q.example\n");
  // Its stdin stays open, as if an SDK passed on its own.
  const child = new Deno.Command(home.path, {
    args: ["auth", "token"],
    cwd: home.directory,
    env: home.env,
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ code }, stderr] = await Promise.all([
    child.status,
    new Response(child.stderr).text(),
    child.stdout.cancel(),
  ]);
  await child.stdin.close();
  equal(code, 1);
  match(stderr, /^Error: no profile specified/);
  equal(home.server.count("authorize"), 1);
});

trap(9, "a link without spaces works for a path with spaces", async () => {
  await using home = await openDatabricksHome("a b/databricks");
  await Deno.symlink(home.path, `${home.directory}/bin/databricks`);
  assertServed(home, await askAll(home));
});

trap(10, "databricks.exe is also Databricks' name", async () => {
  await using home = await openDatabricksHome("fob");
  const path = `${home.directory}/bin/databricks.exe`;
  await Deno.copyFile(home.path, path);
  assertServed(home, await askAll(home, { cliPath: path }));
});

trap(11, "eight concurrent forced refreshes use one refresh token", async () => {
  await using home = await openDatabricksHome("databricks");
  const before = home.server.count("refresh_token");
  // All have started before the first response.
  home.server.tokenDelay = 2_000;
  const setup = { env: home.env, profile: "p", host: home.server.host.origin };
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => callAsGo(setup)));
  assertServed(home, outcomes);
  equal(new Set(outcomes.map((it) => it.kind === "token" ? it.token : it)).size, 1);
  equal(home.server.count("refresh_token") - before, 1);
  equal(home.server.familyRevoked, false);
});
