import { FobError } from "../../errors.ts";
import type { SettingsFormat } from "./settings_format.ts";
import { lineEndingOf, splice } from "./splice.ts";

/**
 * Lines `name=value`, with comments after `#` or `;` at the start of a line: `.npmrc` outside of its sections, and
 * `.env`. The last line with a name counts. Rejects a value with `#`, a quote or outer spaces: tools read those
 * differently.
 */
export const lines: SettingsFormat = {
  get: (text, key) => lineOf(text, key)?.value,
  set: (text, key, value) => {
    const name = nameIn(key);
    if (typeof value !== "string" || /[\r\n\0"'`#;]|^\s|\s$/.test(value)) {
      throw new FobError("config_invalid", `the value of "${name}" cannot be written on one line`);
    }
    const there = lineOf(text, key);
    if (there !== undefined) return splice(text, there.start, there.end, value);
    return append(text, `${name}=${value}`);
  },
  remove: (text, key) => {
    const there = lineOf(text, key);
    if (there === undefined) return text;
    const start = text.lastIndexOf("\n", there.start - 1) + 1;
    const end = text.indexOf("\n", there.end) + 1;
    if (end > 0) return splice(text, start, end, "");
    // The last line has no ending, so the line before it had none when this one was added.
    return text.slice(0, start).replace(/\r?\n$/, "");
  },
};

interface Line {
  readonly value: string;
  /** The offsets of the value. */
  readonly start: number;
  readonly end: number;
}

function nameIn(key: readonly string[]): string {
  const [name = "", ...more] = key;
  if (more.length === 0 && name !== "" && !/[\r\n\0=]|^[\s#;[]|\s$/.test(name)) return name;
  throw new FobError("config_invalid", "a key must be one name without spaces around it");
}

function lineOf(text: string, key: readonly string[]): Line | undefined {
  const name = nameIn(key);
  const pattern = /^([ \t]*)([^\s=#;[][^=\r\n]*?)([ \t]*=[ \t]*)([^\r\n]*?)[ \t]*$/gm;
  const found = text.matchAll(pattern).filter((match) => match[2] === name).toArray().at(-1);
  if (found === undefined) return undefined;
  const [, indent = "", , equals = "", value = ""] = found;
  const start = found.index + indent.length + name.length + equals.length;
  return { value, start, end: start + value.length };
}

/** Adds a line. If the last line has no ending, the new one gets none: `remove` relies on that. */
function append(text: string, line: string): string {
  const end = lineEndingOf(text);
  const isOpen = text !== "" && !text.endsWith("\n");
  return isOpen ? `${text}${end}${line}` : `${text}${line}${end}`;
}
