import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import settings from "../../deno.json" with { type: "json" };
import type { CommandContext } from "../../src/cli/context.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { platforms } from "../../src/providers/platforms.ts";

/** The commands of fob for documentation. They can be described but not run: services are missing. */
export function commandTree(): CommandUnknownOpts {
  const { version } = settings;
  const terminal = { outputColor: false };
  return buildProgram({
    machine: { version },
    providers: { platforms },
    io: { terminal },
  } as unknown as CommandContext) as CommandUnknownOpts;
}

/** A command without subcommands, and its full name, such as `fob auth login`. */
export interface Leaf {
  readonly name: string;
  readonly command: CommandUnknownOpts;
}

/** The commands below `group` that have no subcommands, in the order of the help. */
export function leavesOf(group: CommandUnknownOpts, path = group.name()): Leaf[] {
  return group.createHelp().visibleCommands(group).flatMap((command) => {
    const name = `${path} ${command.name()}`;
    return command.commands.length > 0 ? leavesOf(command, name) : [{ name, command }];
  });
}

/** The text that `addHelpText` adds at the end of a command's help. */
export function textAfterHelp(command: CommandUnknownOpts): string {
  let text = "";
  const context = { command, error: false, write: (more: string) => void (text += more) };
  // A command is an event emitter, but its types do not declare that.
  (command as unknown as { emit(event: string, context: object): void }).emit("afterHelp", context);
  return text;
}
