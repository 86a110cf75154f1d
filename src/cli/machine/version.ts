import type { Command } from "@commander-js/extra-typings";
import { FobError } from "../../errors.ts";
import type { Channel } from "../../system/installation.ts";
import type { World } from "../context.ts";
import { addCommand, type CommonOptions } from "../options.ts";
import { asJson } from "../ui/answer.ts";

/** What to tell a person of each way to be installed: by what, and how to get a newer one. */
const ways: Readonly<Record<Channel, string>> = {
  homebrew: "Installed by Homebrew; to update: brew upgrade fob",
  scoop: "Installed by Scoop; to update: scoop update fob",
  winget: "Installed by WinGet; to update: winget upgrade fob",
  deb: "Installed from a Debian package; to update: install the newer package",
  "install.sh": "Installed by install.sh; to update: run it again",
  "install.ps1": "Installed by install.ps1; to update: run it again",
  archive: "Installed by hand; to update: put the newer program in its place",
  source: "Run from source",
};

export function addVersion(program: Command, world: World): void {
  addCommand(program, "version", "Print the version")
    .action((options) => printVersion(options, world));
}

/** The JSON is fob's and that of each command line that it stands in for: SDKs ask by any name of fob's. */
export async function printVersion(
  { output }: Pick<CommonOptions, "output">,
  world: World,
): Promise<void> {
  const { version, terminal } = world;
  const { os, arch } = Deno.build;
  if (output === "json") {
    const installed = await world.installation();
    const own = { version, os, arch, deno: Deno.version.deno, installed };
    const theirs = world.platforms.map(({ commandLine }) => commandLine?.versionFields);
    return terminal.answer(asJson(Object.assign(own, ...theirs)));
  }
  const sdk = await askingPlatform(world);
  if (sdk !== undefined) return terminal.answer(`${sdk.commandLine.versionText}\n`);
  const { by, path } = await world.installation();
  const place = by === "source" ? `Deno ${Deno.version.deno}` : path;
  terminal.answer(`fob ${version}\n${ways[by]} (${place})\n`);
  if (terminal.outputIsTerminal) await tellStaleCompletions(world);
}

async function tellStaleCompletions(world: World): Promise<void> {
  const { staleCompletions } = await import("../completions/installed.ts");
  for (const { path, shell } of await staleCompletions(world)) {
    world.notice(`The completions in "${path}" are from another version: fob completions ${shell}`);
  }
}

type Platform = World["platforms"][number];
type Impersonated = Platform & { readonly commandLine: NonNullable<Platform["commandLine"]> };

/** The platform whose SDK asks, which takes fob for the platform's command line by its name or by a setting. */
async function askingPlatform(world: World): Promise<Impersonated | undefined> {
  const name = await world.calledAs();
  for (const platform of world.platforms) {
    const { id, commandLine } = platform;
    if (commandLine === undefined) continue;
    const found = { ...platform, commandLine };
    if (name.toLowerCase().replace(/\.exe$/, "") === commandLine.program) return found;
    if (world.terminal.outputIsTerminal) continue;
    const paths = [
      world.environment.get(commandLine.pathVariable),
      ...await configuredPaths(id, world),
    ];
    if (paths.some((path) => path?.split(/[\\/]/).at(-1) === name)) return found;
  }
  return undefined;
}

/** A file that cannot be read says nothing: the version is told in any case. */
async function configuredPaths(
  provider: string,
  { profileFile }: World,
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
