import type { CommandContext } from "../context.ts";
import type { OutputForm } from "./output_format.ts";

/** Answers with `value` as JSON where `-o json` asks for it, else with `text`. */
export function answer(
  output: OutputForm | undefined,
  value: unknown,
  text: string,
  { io: { terminal } }: { readonly io: Pick<CommandContext["io"], "terminal"> },
): void {
  terminal.answer(output === "json" ? asJson(value) : text);
}

/** `value` as the JSON of an answer. */
export function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
