import { rigs } from "../../scripts/testing/rigs.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { thisMachine } from "./machine.ts";
import { needsOf, runScript, titleOf } from "./runner.ts";
import { parseTxtar } from "./txtar.ts";
import { ownKeychain } from "./windows_scripts.ts";

const missing = await missingRigs();
const isRequired = Deno.env.get("FOB_RIGS") === "required";

// On Windows, windows_test.ts runs them.
for (const name of Deno.build.os === "windows" ? [] : await scriptNames()) {
  const path = `${import.meta.dirname}/${name}`;
  const archive = parseTxtar(await Deno.readTextFile(path));
  const needs = needsOf(archive);
  if (needs.includes(ownKeychain)) continue;
  // Elsewhere a program cannot be told another name than its file has.
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

async function scriptNames(): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(import.meta.dirname ?? "."));
  return entries.map(({ name }) => name).filter((name) => name.endsWith(".txtar")).sort();
}
