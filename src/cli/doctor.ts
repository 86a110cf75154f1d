import type { Command } from "@commander-js/extra-typings";
import { examine, type Finding } from "../credentials/examine.ts";
import { readProfiles } from "../credentials/profiles.ts";
import { FobError } from "../errors.ts";
import { addCommand, type CommonOptions, examples } from "./options.ts";
import { formatTable } from "./table.ts";
import type { World } from "./world.ts";

export function addDoctor(program: Command, world: World): void {
  addCommand(program, "doctor", "Find out what works on this machine, and what does not")
    .addHelpText("after", examples("fob doctor", "fob doctor -o json"))
    .action((options) => runDoctor(options, world));
}

async function runDoctor({ output }: CommonOptions, world: World): Promise<void> {
  const findings = await examine({
    ...world,
    profiles: () => readProfiles(world.profileFile()),
  });
  world.terminal.answer(
    output === "json"
      ? JSON.stringify(findings, undefined, 2) + "\n"
      : formatTable(findings.map(rowOf)),
  );
  const worst = findings.find(({ state }) => state === "fail");
  if (worst !== undefined) {
    throw new FobError(worst.code ?? "failed", `${worst.what}: ${worst.detail}`);
  }
}

function rowOf({ state, what, detail }: Finding): string[] {
  return [{ ok: "ok", note: "note", fail: "FAIL" }[state], what, detail];
}
