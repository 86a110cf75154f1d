import type { Command } from "@commander-js/extra-typings";
import { examine } from "../../doctor/run_checks.ts";
import { FobError } from "../../errors.ts";
import { loadSources } from "../../migrate/sources.ts";
import { printable } from "../../text/printable.ts";
import type { World } from "../context.ts";
import { addCommand, type CommonOptions, examples } from "../options.ts";
import { loadSourceNeeds } from "../tools/source_needs.ts";
import { answer } from "../ui/answer.ts";
import { withProgress } from "../ui/progress.ts";
import { checkFields, describeGroups } from "./describe_checks.ts";

export function addDoctor(program: Command, world: World): void {
  addCommand(program, "doctor", "Find out what works on this machine, and what does not")
    .addHelpText("after", examples("fob doctor", "fob doctor -o json"))
    .action((options) => runDoctor(options, world));
}

async function runDoctor({ output }: CommonOptions, world: World): Promise<void> {
  const { terminal, environment } = world;
  const machine = await world.machine();
  const needs = {
    ...world,
    machine,
    stores: world.untouchedStores,
    sources: await loadSources(await loadSourceNeeds()),
  };
  const groups = await withProgress("Looking at this machine", () => examine(needs), world, output);
  const checks = groups.flatMap((group) => group.checks);
  answer(
    output,
    { checks: checks.map(checkFields) },
    describeGroups(
      groups,
      terminal,
      environment.get(Deno.build.os === "windows" ? "USERPROFILE" : "HOME"),
    ),
    world,
  );
  const failed = checks.filter(({ state }) => state === "fail");
  if (failed.length > 0) {
    const count = `${failed.length} of ${checks.length} checks fail`;
    throw new FobError(
      "checks_failed",
      `${count}: ${failed.map(({ id }) => printable(id)).join(", ")}`,
    );
  }
}
