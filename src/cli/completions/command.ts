import { Argument, type Command } from "@commander-js/extra-typings";
import type { CommandContext } from "../context.ts";
import { examples } from "../options.ts";
import { scripts, shells } from "./scripts.ts";

export function addCompletions(program: Command, context: CommandContext): void {
  program.command("completions").description("Print the completion script for a shell")
    .addArgument(new Argument("<shell>", "shell").choices(shells))
    .addHelpText("after", help)
    .action((shell) => context.io.terminal.answer(scripts[shell]));
}

const help = examples(
  'eval "$(fob completions bash)"    # in ~/.bashrc',
  'eval "$(fob completions zsh)"     # in ~/.zshrc, after compinit',
  "fob completions fish > ~/.config/fish/completions/fob.fish",
  "fob completions powershell | Out-String | Invoke-Expression   # in $PROFILE",
);
