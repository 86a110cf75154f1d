import { FobError } from "../../errors.ts";
import type { CommandContext } from "../context.ts";

/*
 * Questions to a person. The library and Node's terminal layer are loaded when one is asked, and only
 * where there is somebody to answer: without a terminal the library would wait for ever.
 */

/**
 * Asks for a line of text, in which `initial` stands already. `otherwise` says how to say it without being
 * asked.
 */
export async function askText(
  question: string,
  otherwise: string,
  context: CommandContext,
  initial = "",
): Promise<string> {
  const { text } = await open(question, otherwise, context);
  return await answered(
    text({ message: question, initialValue: initial, output: process.stderr }),
  );
}

/** Asks for a secret, which is shown as dots. */
export async function askSecret(
  question: string,
  otherwise: string,
  context: CommandContext,
): Promise<string> {
  const { password } = await open(question, otherwise, context);
  return await answered(password({ message: question, mask: "\u2022", output: process.stderr }));
}

/** Asks to pick one of `choices`. */
export async function askChoice(
  question: string,
  choices: readonly { readonly value: string; readonly label: string }[],
  otherwise: string,
  context: CommandContext,
): Promise<string> {
  const { select } = await open(question, otherwise, context);
  return await answered(
    select({ message: question, options: [...choices], output: process.stderr }),
  );
}

/** Asks whether to go on. */
export async function askConsent(
  question: string,
  otherwise: string,
  context: CommandContext,
): Promise<boolean> {
  const { confirm } = await open(question, otherwise, context);
  return await answered(
    confirm({ message: question, initialValue: false, output: process.stderr }),
  );
}

async function open(
  question: string,
  otherwise: string,
  context: CommandContext,
): Promise<typeof import("@clack/prompts")> {
  if (context.io.terminal.canAsk) return await import("@clack/prompts");
  throw new FobError("usage", `Nobody can be asked here: ${question}`, {
    facts: { option: otherwise },
  });
}

/** The answer; leaving a question unanswered ends the command. */
async function answered<T>(answer: Promise<T>): Promise<Exclude<T, symbol>> {
  const value = await answer;
  if (typeof value === "symbol") {
    throw new FobError("interrupted", "Stopped at the question, and nothing was changed");
  }
  return value as Exclude<T, symbol>;
}
