/**
 * The scripts where fob runs on Windows: here, if this is one, or else under Wine. Those that need a rig
 * need Linux; what {@link ownKeychain} needs, a real Windows has where `FOB_RIGS=required` says so.
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

/** Scripts that run at once: they wait for servers, timers and one another's processors. */
const width = 3;

interface NamedScript extends ScriptFile {
  readonly archive: Archive;
}

const scripts = (await readScripts()).filter(({ name, archive }) =>
  needsOf(archive).every((need) => need === ownKeychain && (!isWindows || isRequired)) &&
  !Object.hasOwn(leftOut, name) && (isWindows || !Object.hasOwn(leftToTheWorkflow, name))
);

Deno.test({
  name: "fob on Windows does what the scripts say",
  ignore: !isWindows && isMissing && !isRequired,
  fn: async (t) => {
    if (!isWindows && isMissing) throw new Error("Missing rig: wine");
    const waiting = scripts.values();
    // Steps at once cannot be told apart by what they leave: the whole test still is looked at.
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
 * Wine now and then starts a program without its pipes (once in some 700 starts on a busy machine): the
 * program then says nothing, and the script is run once more, from its beginning on another machine.
 */
async function runUnderWine(path: string): Promise<void> {
  try {
    await runScript(path, wineMachine);
  } catch (error) {
    if (!(error instanceof ScriptFailure) || !error.isMute) throw error;
    console.warn(`A program was left without its pipes; again: ${path}`);
    await runScript(path, wineMachine);
  }
}

Deno.test("every script that is left out of Windows is there", async () => {
  const names = new Set((await scriptFiles()).map(({ name }) => name));
  const stale = Object.keys({ ...leftOut, ...leftToTheWorkflow }).filter((name) =>
    !names.has(name)
  );
  if (stale.length > 0) throw new Error(`There is no ${stale.join(", ")}`);
});

async function readScripts(): Promise<NamedScript[]> {
  return await Promise.all((await scriptFiles()).map(async (file) => {
    return { ...file, archive: parseTxtar(await Deno.readTextFile(file.path)) };
  }));
}
