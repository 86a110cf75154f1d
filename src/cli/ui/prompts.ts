import { FobError } from "../../errors.ts";
import type { CommandContext } from "../context.ts";

/*
 * Prompts. The library and Node's terminal layer are loaded when a prompt is shown, and only if there is a
 * terminal: without one the library would wait forever.
 *
 * `option` is what to pass instead of answering the prompt, such as `--client-id ID`, or the whole command.
 * If fob cannot prompt (no terminal, `--no-input`, `CI`), a prompt throws `FobError` `usage` with it.
 */

/** Prompts for a line of text. `initial`: the text to edit. */
export async function askText(
  question: string,
  option: string,
  context: CommandContext,
  initial = "",
): Promise<string> {
  const { text } = await open(question, option, context);
  return await answered(
    text({ message: question, initialValue: initial, output: process.stderr }),
  );
}

/** Prompts for a secret, shown as dots. */
export async function askSecret(
  question: string,
  option: string,
  context: CommandContext,
): Promise<string> {
  const { password } = await open(question, option, context);
  return await answered(password({ message: question, mask: "\u2022", output: process.stderr }));
}

/** Prompts for one of `choices`, and returns its value. */
export async function askChoice(
  question: string,
  choices: readonly { readonly value: string; readonly label: string }[],
  option: string,
  context: CommandContext,
): Promise<string> {
  const { select } = await open(question, option, context);
  return await answered(
    select({ message: question, options: [...choices], output: process.stderr }),
  );
}

/** Prompts for a yes or no. The default is no. */
export async function askConsent(
  question: string,
  option: string,
  context: CommandContext,
): Promise<boolean> {
  const { confirm } = await open(question, option, context);
  return await answered(
    confirm({ message: question, initialValue: false, output: process.stderr }),
  );
}

async function open(
  question: string,
  option: string,
  { io: { terminal } }: CommandContext,
): Promise<typeof import("@clack/prompts")> {
  if (terminal.canAsk) return await import("@clack/prompts");
  const why = terminal.inputIsTerminal ? "prompts are disabled" : "no terminal to prompt on";
  const isCommand = option.startsWith("fob ");
  const message = isCommand
    ? `Input is required (${why}): ${question}`
    : `${withoutValues(option)} is required (${why})`;
  const facts = { option, ...(question.endsWith("?") ? { question } : {}) };
  throw new FobError("usage", message, { facts: isCommand ? { example: option } : facts });
}

/** `--client-id` for `--client-id ID`. */
function withoutValues(option: string): string {
  return option.replaceAll(/ [A-Z-]+(?= |$)/g, "");
}

/** Returns the answer. Throws `FobError` `interrupted` if the prompt was cancelled. */
async function answered<T>(answer: Promise<T>): Promise<Exclude<T, symbol>> {
  const value = await answer;
  if (typeof value === "symbol") {
    throw new FobError("interrupted", "Cancelled. Nothing was changed");
  }
  return value as Exclude<T, symbol>;
}
