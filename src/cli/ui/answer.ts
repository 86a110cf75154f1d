import type { CommandContext } from "../context.ts";
import type { OutputForm } from "./output_format.ts";

/** Writes `value` as JSON to standard output with `-o json`, or else `text`. */
export function answer(
  output: OutputForm | undefined,
  value: unknown,
  text: string,
  { io: { terminal } }: { readonly io: Pick<CommandContext["io"], "terminal"> },
): void {
  terminal.answer(output === "json" ? asJson(value) : text);
}

/** `value` as indented JSON. */
export function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
