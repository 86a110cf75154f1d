import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { printable } from "../../text/printable.ts";
import type { CommandContext } from "../context.ts";
import { quoted, splitLine } from "./shell_words.ts";
import { files, suggest } from "./suggest.ts";
import type { Suggestion } from "./values.ts";

/**
 * Answers `fob __complete`, which the completion scripts call: `words` are the shell, and what its script
 * says of the line. Silent whatever goes wrong: a person is in the middle of typing.
 */
export async function answerCompletion(
  words: readonly string[],
  program: CommandUnknownOpts,
  context: CommandContext,
): Promise<void> {
  const [shell = "", ...said] = words;
  const form = Object.hasOwn(forms, shell) ? forms[shell] : undefined;
  if (form === undefined) return;
  const asked = form(said);
  const found = await suggest(asked.words, program, context).catch(() => []);
  const lines = found === files
    ? files.map(({ value }) => value)
    : asked.write(found.filter(isOneLine));
  context.io.terminal.answer(lines.map((line) => `${line}\n`).join(""));
}

/** A value that would be another, or move the cursor, when it is shown. */
function isOneLine({ value }: Suggestion): boolean {
  return printable(value) === value;
}

/** What a shell asks, and how it is told. */
interface Asked {
  readonly words: readonly string[];
  readonly write: (found: readonly Suggestion[]) => string[];
}

/** How each shell says what is typed, and what it reads. Those that match words themselves get all there are. */
const forms: Readonly<Record<string, (said: readonly string[]) => Asked>> = {
  bash: askedByBash,
  zsh: (words) => ({ words, write: (found) => found.map(zshLine) }),
  fish: (words) => ({ words, write: (found) => found.map(tabLine) }),
  powershell: askedByPowerShell,
};

/** How readline completes where it lists what is possible, bash(1) under COMP_TYPE. */
const listing = String("?".charCodeAt(0));

/**
 * What is said is COMP_TYPE, COLUMNS, COMP_WORDBREAKS and COMP_LINE up to COMP_POINT, bash(1). A line of the
 * answer replaces what follows the last of the characters in COMP_WORDBREAKS; where readline only lists,
 * it is shown as it is.
 */
function askedByBash([type, columns, breaks = "", text = ""]: readonly string[]): Asked {
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

/** How much of `word` readline leaves alone, which takes `:` and `=` for the ends of words. */
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

/** As `_describe` of zshcompsys(1) reads it. */
function zshLine({ value, about }: Suggestion): string {
  const name = value.replaceAll(/[\\:]/g, "\\$&");
  return about === undefined ? name : `${name}:${printable(about)}`;
}

function tabLine({ value, about }: Suggestion): string {
  return about === undefined ? value : `${value}\t${printable(about)}`;
}

/** A dot precedes the last word, because older PowerShell leaves an empty one out. */
function askedByPowerShell(said: readonly string[]): Asked {
  const words = said.map((word, at) => at === said.length - 1 ? word.slice(1) : word);
  const current = words.at(-1) ?? "";
  return { words, write: (found) => startingWith(current, found).map(tabLine) };
}
