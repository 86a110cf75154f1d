import type { Command } from "@commander-js/extra-typings";
import { FobError } from "../../errors.ts";
import type { Channel } from "../../system/installation.ts";
import type { World } from "../context.ts";
import { addCommand, type CommonOptions } from "../options.ts";
import { asJson } from "../ui/answer.ts";

/**
 * The version of Databricks' CLI whose `auth token` fob's own stands in for: from 0.207.1 on the SDKs name
 * a profile, from 0.296.0 on they may force a refresh.
 */
const databricks = { Major: 1, Minor: 13, Patch: 0 } as const;

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

/** The JSON is fob's and Databricks' at once: their SDKs ask for it by whatever name fob has. */
export async function printVersion(
  { output }: Pick<CommonOptions, "output">,
  world: World,
): Promise<void> {
  const { version, terminal } = world;
  const { os, arch } = Deno.build;
  if (output === "json") {
    const installed = await world.installation();
    const fields = { version, os, arch, deno: Deno.version.deno, installed, ...databricks };
    return terminal.answer(asJson(fields));
  }
  if (await isAskedBySdk(world)) {
    const { Major, Minor, Patch } = databricks;
    return terminal.answer(`Databricks CLI v${Major}.${Minor}.${Patch}\n`);
  }
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

/** Whether a Databricks SDK asks, which takes fob for Databricks' CLI because of its name or of a setting. */
async function isAskedBySdk(world: World): Promise<boolean> {
  const name = await world.calledAs();
  if (/^databricks(\.exe)?$/i.test(name)) return true;
  if (world.terminal.outputIsTerminal) return false;
  const paths = [world.environment.get("DATABRICKS_CLI_PATH"), ...await configuredPaths(world)];
  return paths.some((path) => path?.split(/[\\/]/).at(-1) === name);
}

/** A file that cannot be read says nothing: the version is told in any case. */
async function configuredPaths({ profileFile }: World): Promise<string[]> {
  try {
    const { servedPaths } = await import("../../databricks/as_profiles.ts");
    return servedPaths(await profileFile({ provider: "databricks" }).read());
  } catch (error) {
    if (error instanceof FobError) return [];
    throw error;
  }
}
