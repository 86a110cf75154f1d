/**
 * Runs the scripts with fob on Windows: natively, or under Wine on Linux. Scripts that need a rig run
 * only on Linux. Scripts that need {@link ownKeychain} run on a real Windows only with
 * `FOB_RIGS=required`.
 */
import { missingRigs } from "../rigs/rigs.ts";
import { needsOf, runScript, ScriptFailure, titleOf } from "./runner/runner.ts";
import { type ScriptFile, scriptFiles } from "./runner/script_files.ts";
import { type Archive, parseTxtar } from "./runner/txtar.ts";
import { windowsMachine, wineMachine } from "./runner/windows_machine.ts";
import { leftOut, leftToTheWorkflow, ownKeychain } from "./runner/windows_scripts.ts";

const isWindows = Deno.build.os === "windows";
const isMissing = (await missingRigs()).includes("wine");
const isRequired = Deno.env.get("FOB_RIGS") === "required";

/** Scripts that run at the same time. */
const width = 3;

interface NamedScript extends ScriptFile {
  readonly archive: Archive;
}

const scripts = (await readScripts()).filter(({ name, archive }) =>
  needsOf(archive).every((need) => need === ownKeychain && (!isWindows || isRequired)) &&
  !Object.hasOwn(leftOut, name) && (isWindows || !Object.hasOwn(leftToTheWorkflow, name))
);

Deno.test({
  name: "acceptance scripts pass with fob on Windows",
  ignore: !isWindows && isMissing && !isRequired,
  fn: async (t) => {
    if (!isWindows && isMissing) throw new Error("Missing rig: wine");
    const waiting = scripts.values();
    // Leaks cannot be assigned to one of several parallel steps. The whole test is still checked.
    const lane = async (): Promise<void> => {
      for (const { path, name, archive } of waiting) {
        await t.step({
          name: `${name}: ${titleOf(archive)}`,
          sanitizeOps: false,
          sanitizeResources: false,
          sanitizeExit: false,
          fn: () => isWindows ? runScript(path, windowsMachine) : runUnderWine(path),
        });
      }
    };
    await Promise.all(Array.from({ length: width }, lane));
  },
});

/**
 * Wine sometimes starts a program without its pipes (about once in 700 starts on a busy machine), and
 * the program has no output. The script is then run again on a new machine.
 */
async function runUnderWine(path: string): Promise<void> {
  try {
    await runScript(path, wineMachine);
  } catch (error) {
    if (!(error instanceof ScriptFailure) || !error.isMute) throw error;
    console.warn(`Wine started a program without its pipes. Running again: ${path}`);
    await runScript(path, wineMachine);
  }
}

Deno.test("every script that is skipped on Windows exists", async () => {
  const names = new Set((await scriptFiles()).map(({ name }) => name));
  const stale = Object.keys({ ...leftOut, ...leftToTheWorkflow }).filter((name) =>
    !names.has(name)
  );
  if (stale.length > 0) throw new Error(`Scripts not found: ${stale.join(", ")}`);
});

async function readScripts(): Promise<NamedScript[]> {
  return await Promise.all((await scriptFiles()).map(async (file) => {
    return { ...file, archive: parseTxtar(await Deno.readTextFile(file.path)) };
  }));
}
