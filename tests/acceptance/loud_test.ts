/**
 * Runs the main scripts again with `--verbose` and full logging of the runtime: the logs must contain
 * no secret. `FOB_LOUD=all` runs all scripts.
 */
import { match } from "node:assert/strict";
import { missingRigs } from "../rigs/rigs.ts";
import { fobCommand } from "./runner/fob_command.ts";
import { thisMachine } from "./runner/machine.ts";
import { runProgram } from "./runner/program.ts";
import { needsOf, runScript } from "./runner/runner.ts";
import { talkative } from "./runner/script.ts";
import { scriptFiles } from "./runner/script_files.ts";
import { parseTxtar } from "./runner/txtar.ts";
import { ownKeychain } from "./runner/windows_scripts.ts";

const mainScripts = [
  "api.txtar",
  "astro_login.txtar",
  "databricks_login.txtar",
  "helper_git.txtar",
  "keyring_login.txtar",
  "lease.txtar",
  "login_device.txtar",
  "migrate_gh.txtar",
  "storage_move.txtar",
  "token_ended.txtar",
  "token_refresh.txtar",
  "workload_secret.txtar",
];

const missing = await missingRigs();
const isAll = Deno.env.get("FOB_LOUD") === "all";
const scripts = (await scriptFiles()).filter(({ name }) => isAll || mainScripts.includes(name));

for (const { name, path } of scripts) {
  const needs = needsOf(parseTxtar(await Deno.readTextFile(path)));
  Deno.test({
    name: `${name}: the output with --verbose contains no secret`,
    ignore: Deno.build.os !== "linux" ||
      needs.some((need) => need === ownKeychain || missing.includes(need)),
    fn: () => runScript(path, thisMachine, { isLoud: true }),
  });
}

Deno.test({
  name: "a loud script enables the log of the runtime",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const home = { DENO_DIR: Deno.env.get("DENO_DIR") ?? "", HOME: Deno.env.get("HOME") ?? "" };
    const argv = [...await fobCommand(), "version"];
    const { stdout, stderr } = await runProgram(argv, { cwd: ".", env: { ...talkative, ...home } });
    match(stdout, /^fob /);
    match(stderr, /^(DEBUG|TRACE) RS /m);
  },
});
