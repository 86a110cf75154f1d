import type { Command } from "@commander-js/extra-typings";
import { FobError } from "../../errors.ts";
import type { Channel } from "../../system/installation.ts";
import type { CommandContext } from "../context.ts";
import { addCommand, type CommonOptions } from "../options.ts";
import { asJson } from "../ui/answer.ts";

/** The installation channels, and how to update. */
const channels: Readonly<Record<Channel, string>> = {
  homebrew: "Installed with Homebrew. To update: brew upgrade fob",
  scoop: "Installed with Scoop. To update: scoop update fob",
  winget: "Installed with WinGet. To update: winget upgrade fob",
  deb: "Installed from a Debian package. To update: install the newer package",
  "install.sh": "Installed with install.sh. To update: run it again",
  "install.ps1": "Installed with install.ps1. To update: run it again",
  archive: "Installed by hand. To update: replace the program",
  source: "Run from source",
};

export function addVersion(program: Command, context: CommandContext): void {
  addCommand(program, "version", "Print the version")
    .action((options) => printVersion(options, context));
}

/** Prints the version. The JSON also has the fields of the command lines that SDKs take fob for. */
export async function printVersion(
  { output }: Pick<CommonOptions, "output">,
  context: CommandContext,
): Promise<void> {
  const { io: { terminal }, machine: { version } } = context;
  const { os, arch } = Deno.build;
  if (output === "json") {
    const installed = await context.machine.installation();
    const own = { version, os, arch, deno: Deno.version.deno, installed };
    const theirs = context.providers.platforms.map(({ commandLine }) => commandLine?.versionFields);
    return terminal.answer(asJson(Object.assign(own, ...theirs)));
  }
  const platform = await impersonatedPlatform(context);
  if (platform !== undefined) return terminal.answer(`${platform.commandLine.versionText}\n`);
  const { by, path } = await context.machine.installation();
  const place = by === "source" ? `Deno ${Deno.version.deno}` : path;
  terminal.answer(`fob ${version}\n${channels[by]} (${place})\n`);
  if (terminal.outputIsTerminal) await reportStaleCompletions(context);
}

async function reportStaleCompletions(context: CommandContext): Promise<void> {
  const { staleCompletions } = await import("../completions/installed.ts");
  for (const { path, shell } of await staleCompletions(context)) {
    context.io.notice(
      `The completions in "${path}" are from another version. Print new ones: fob completions ${shell}`,
    );
  }
}

type Platform = CommandContext["providers"]["platforms"][number];
type Impersonated = Platform & { readonly commandLine: NonNullable<Platform["commandLine"]> };

/** The platform of the SDK that runs fob as the command line of that platform, by its name or by a setting. */
async function impersonatedPlatform(context: CommandContext): Promise<Impersonated | undefined> {
  const name = await context.machine.calledAs();
  for (const platform of context.providers.platforms) {
    const { id, commandLine } = platform;
    if (commandLine === undefined) continue;
    const found = { ...platform, commandLine };
    if (name.toLowerCase().replace(/\.exe$/, "") === commandLine.program) return found;
    if (context.io.terminal.outputIsTerminal) continue;
    const paths = [
      context.system.environment.get(commandLine.pathVariable),
      ...await configuredPaths(id, context),
    ];
    if (paths.some((path) => path?.split(/[\\/]/).at(-1) === name)) return found;
  }
  return undefined;
}

/** The command lines that the profile file names. An unreadable file must not fail this command. */
async function configuredPaths(
  provider: string,
  { storage: { profileFile } }: CommandContext,
): Promise<readonly string[]> {
  try {
    const file = profileFile({ provider });
    const format = await file.source?.load();
    return format === undefined ? [] : format.commands(await file.read());
  } catch (error) {
    if (error instanceof FobError) return [];
    throw error;
  }
}
