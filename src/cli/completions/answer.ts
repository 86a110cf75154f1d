import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { printable } from "../../text/printable.ts";
import type { CommandContext } from "../context.ts";
import { quoted, splitLine } from "./shell_words.ts";
import { files, suggest } from "./suggest.ts";
import type { Suggestion } from "./values.ts";

/**
 * Answers `fob __complete`, which the completion scripts call. `words` are the shell and the arguments of its
 * script. Prints no error, because that would disturb the line that is being typed.
 */
export async function answerCompletion(
  words: readonly string[],
  program: CommandUnknownOpts,
  context: CommandContext,
): Promise<void> {
  const [shell = "", ...args] = words;
  const form = Object.hasOwn(forms, shell) ? forms[shell] : undefined;
  if (form === undefined) return;
  const request = form(args);
  const found = await suggest(request.words, program, context).catch(() => []);
  const lines = found === files
    ? files.map(({ value }) => value)
    : request.write(found.filter(isOneLine));
  context.io.terminal.answer(lines.map((line) => `${line}\n`).join(""));
}

/** Whether a value has no control characters, which a terminal would change or act on. */
function isOneLine({ value }: Suggestion): boolean {
  return printable(value) === value;
}

/** The words to complete, and how to write the suggestions for the shell. */
interface CompletionRequest {
  readonly words: readonly string[];
  readonly write: (found: readonly Suggestion[]) => string[];
}

/** How to read the arguments of each shell and write its answer. Shells that filter by prefix get all values. */
const forms: Readonly<Record<string, (args: readonly string[]) => CompletionRequest>> = {
  bash: readBash,
  zsh: (words) => ({ words, write: (found) => found.map(zshLine) }),
  fish: (words) => ({ words, write: (found) => found.map(tabLine) }),
  powershell: readPowerShell,
};

/** The COMP_TYPE with which readline lists the possible words, bash(1). */
const listing = String("?".charCodeAt(0));

/**
 * The arguments are COMP_TYPE, COLUMNS, COMP_WORDBREAKS and COMP_LINE up to COMP_POINT, bash(1). A line of the
 * answer replaces the text after the last character of COMP_WORDBREAKS. If readline only lists, it shows the
 * line unchanged.
 */
function readBash([type, columns, breaks = "", text = ""]: readonly string[]): CompletionRequest {
  const { words, quote } = splitLine(text);
  const current = words.at(-1) ?? "";
  const kept = quote === "" ? lastBreak(current, breaks) : 0;
  return {
    words: words.slice(1),
    write: (all) => {
      const found = startingWith(current, all);
      return type === listing && found.length > 1
        ? listed(found, Number(columns) || 80)
        : found.map(({ value }) => quoted(value.slice(kept), quote));
    },
  };
}

function startingWith(typed: string, found: readonly Suggestion[]): Suggestion[] {
  return found.filter(({ value }) => value.startsWith(typed));
}

/** How many characters of `word` readline keeps: it ends a word at `:` and `=`. */
function lastBreak(word: string, breaks: string): number {
  const ends = [...":="].filter((it) => breaks.includes(it)).map((it) => word.lastIndexOf(it) + 1);
  return Math.max(0, ...ends);
}

function listed(found: readonly Suggestion[], columns: number): string[] {
  const width = Math.max(...found.map(({ value }) => value.length));
  return found.map(({ value, about }) => {
    const line = about === undefined ? value : `${value.padEnd(width)}  (${printable(about)})`;
    return line.length < columns ? line : `${line.slice(0, columns - 4)}...`;
  });
}

/** The line in the format of `_describe`, zshcompsys(1). */
function zshLine({ value, about }: Suggestion): string {
  const name = value.replaceAll(/[\\:]/g, "\\$&");
  return about === undefined ? name : `${name}:${printable(about)}`;
}

function tabLine({ value, about }: Suggestion): string {
  return about === undefined ? value : `${value}\t${printable(about)}`;
}

/** The script puts a dot before the last word, because older PowerShell drops an empty argument. */
function readPowerShell(args: readonly string[]): CompletionRequest {
  const words = args.map((word, at) => at === args.length - 1 ? word.slice(1) : word);
  const current = words.at(-1) ?? "";
  return { words, write: (found) => startingWith(current, found).map(tabLine) };
}
