import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import settings from "../../deno.json" with { type: "json" };
import type { World } from "../../src/cli/context.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { platforms } from "../../src/providers/platforms.ts";

/** The commands of fob, to be read: what is not needed to describe them is not there, and none can run. */
export function commandTree(): CommandUnknownOpts {
  const { version } = settings;
  const terminal = { outputColour: false };
  return buildProgram({ version, platforms, terminal } as unknown as World) as CommandUnknownOpts;
}

/** A command that a person runs, and its name: `fob auth login`. */
export interface Leaf {
  readonly name: string;
  readonly command: CommandUnknownOpts;
}

/** The commands below `group` that do something, in the order of the help. */
export function leavesOf(group: CommandUnknownOpts, path = group.name()): Leaf[] {
  return group.createHelp().visibleCommands(group).flatMap((command) => {
    const name = `${path} ${command.name()}`;
    return command.commands.length > 0 ? leavesOf(command, name) : [{ name, command }];
  });
}

/** What `addHelpText` puts at the end of a command's help. */
export function textAfterHelp(command: CommandUnknownOpts): string {
  let text = "";
  const context = { command, error: false, write: (more: string) => void (text += more) };
  // An event emitter, which its types do not say.
  (command as unknown as { emit(event: string, context: object): void }).emit("afterHelp", context);
  return text;
}
