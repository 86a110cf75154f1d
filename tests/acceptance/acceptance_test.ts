import { rigs } from "../../scripts/testing/rigs.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { thisMachine } from "./runner/machine.ts";
import { needsOf, runScript, titleOf } from "./runner/runner.ts";
import { scriptFiles } from "./runner/script_files.ts";
import { parseTxtar } from "./runner/txtar.ts";
import { ownKeychain } from "./runner/windows_scripts.ts";

const missing = await missingRigs();
const isRequired = Deno.env.get("FOB_RIGS") === "required";

// On Windows, windows_test.ts runs them.
for (const { name, path } of Deno.build.os === "windows" ? [] : await scriptFiles()) {
  const archive = parseTxtar(await Deno.readTextFile(path));
  const needs = needsOf(archive);
  if (needs.includes(ownKeychain)) continue;
  // Only Linux can start a program under another name than its file.
  const isForLinux = /^(! )?databricks-cli /m.test(archive.comment);
  const unknown = needs.filter((need) => !rigs.some((rig) => rig.name === need));
  const lacking = needs.filter((need) => missing.includes(need));
  Deno.test({
    name: `${name}: ${titleOf(archive)}`,
    ignore: unknown.length === 0 && lacking.length > 0 && !isRequired ||
      isForLinux && Deno.build.os !== "linux",
    fn: async () => {
      if (unknown.length > 0) throw new Error(`Unknown rigs: ${unknown.join(", ")}`);
      if (lacking.length > 0) throw new Error(`Missing rigs: ${lacking.join(", ")}`);
      await runScript(path, thisMachine);
    },
  });
}
