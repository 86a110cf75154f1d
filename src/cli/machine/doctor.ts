import type { Command } from "@commander-js/extra-typings";
import { type CheckNeeds, runChecks } from "../../doctor/run_checks.ts";
import { FobError } from "../../errors.ts";
import { loadSources } from "../../migrate/sources.ts";
import { findHome } from "../../text/home.ts";
import { printable } from "../../text/printable.ts";
import type { CommandContext } from "../context.ts";
import { addCommand, type CommonOptions, examples } from "../options.ts";
import { loadSourceNeeds } from "../tools/source_needs.ts";
import { answer } from "../ui/answer.ts";
import { withProgress } from "../ui/progress.ts";
import { checkFields, describeGroups } from "./describe_checks.ts";

export function addDoctor(program: Command, context: CommandContext): void {
  addCommand(program, "doctor", "Check what works on this machine")
    .addHelpText("after", examples("fob doctor", "fob doctor -o json"))
    .action((options) => runDoctor(options, context));
}

async function runDoctor({ output }: CommonOptions, context: CommandContext): Promise<void> {
  const { io: { terminal }, system: { environment } } = context;
  const needs = await checkNeeds(context);
  const groups = await withProgress(
    "Checking this machine",
    () => runChecks(needs),
    context,
    output,
  );
  const checks = groups.flatMap((group) => group.checks);
  answer(
    output,
    { checks: checks.map(checkFields) },
    describeGroups(
      groups,
      terminal,
      findHome(environment),
    ),
    context,
  );
  const failed = checks.filter(({ state }) => state === "fail");
  if (failed.length > 0) {
    const count = `${failed.length} of ${checks.length} checks failed`;
    throw new FobError(
      "checks_failed",
      `${count}: ${failed.map(({ id }) => printable(id)).join(", ")}`,
    );
  }
}

async function checkNeeds(
  { io, system, storage, providers, tools, machine }: CommandContext,
): Promise<CheckNeeds> {
  return {
    version: machine.version,
    machine: await machine.inspect(),
    terminal: io.terminal,
    environment: system.environment,
    clock: system.clock,
    directories: system.directories,
    locks: system.locks,
    foreignFile: system.foreignFile,
    uninterrupted: system.uninterrupted,
    profileFile: storage.profileFile,
    profiles: storage.profiles,
    stores: storage.inspectedStores,
    profileSources: storage.profileSources,
    storageMode: storage.storageMode,
    platforms: providers.platforms,
    provider: providers.open,
    openers: tools.openers,
    sources: await loadSources(await loadSourceNeeds()),
  };
}
