import { FobError } from "../errors.ts";
import type { Edit, Json, SettingsFormat } from "../text/formats/settings_format.ts";

/** A value that was set, and how many of the outer names of its key existed before. */
export interface Setting extends Edit {
  readonly depth: number;
}

/**
 * Applies `edits` to the text of the file at `path`. Returns the new text and the values that were set.
 *
 * @throws {FobError} `config_invalid` for a text that cannot be read or edited.
 */
export function applyEdits(
  text: string,
  edits: (text: string) => readonly Edit[],
  path: string,
  format: SettingsFormat | undefined,
): { text: string; settings: Setting[] } {
  if (format === undefined) throw new FobError("failed", "Unknown settings format");
  return naming(path, () => {
    const settings: Setting[] = [];
    // A line feed added after it would turn it into another line ending.
    if (text.endsWith("\r")) {
      throw new FobError("config_invalid", "it ends with a carriage return without a line feed");
    }
    const [mark, body] = splitMark(text);
    let after = body;
    for (const { key, value } of edits(body)) {
      if (isSame(format.get(after, key), value)) continue;
      const depth = depthOf(after, key, format);
      after = format.set(after, key, value);
      if (!isSame(format.get(after, key), value)) {
        throw new FobError("config_invalid", `"${key.join(".")}" cannot be set unambiguously`);
      }
      settings.push({ key, value, depth });
    }
    return { text: mark + after, settings };
  });
}

/**
 * Undoes each of `settings` that still has the value that was set, the last one first. Restores the values of
 * `original`.
 *
 * @throws {FobError} `config_invalid` for a text that cannot be read or edited.
 */
export function undoEdits(
  text: string,
  settings: readonly Setting[],
  original: string,
  path: string,
  format: SettingsFormat,
): string {
  return naming(path, () => {
    const [mark, body] = splitMark(text);
    let after = body;
    for (const { key, value, depth } of settings.toReversed()) {
      if (!isSame(format.get(after, key), value)) continue;
      const previous = format.get(splitMark(original)[1], key);
      if (previous !== undefined) after = format.set(after, key, previous);
      else after = removeWithTables(after, key, depth, format);
    }
    return mark + after;
  });
}

/** Splits off a byte order mark, which no format includes. */
function splitMark(text: string): [mark: string, body: string] {
  return text.startsWith("\uFEFF") ? ["\uFEFF", text.slice(1)] : ["", text];
}

/** Removes the key, and the tables around it that did not exist before and are now empty. */
function removeWithTables(
  text: string,
  key: readonly string[],
  depth: number,
  format: SettingsFormat,
): string {
  let after = format.remove(text, key);
  for (let length = key.length - 1; length > depth; length--) {
    const table = key.slice(0, length);
    if (!isSame(format.get(after, table), {})) break;
    after = format.remove(after, table);
  }
  return after;
}

/** How many of the outer names of `key` exist in `text`. */
function depthOf(text: string, key: readonly string[], format: SettingsFormat): number {
  const missing = key.findIndex((_, i) => format.get(text, key.slice(0, i + 1)) === undefined);
  return missing < 0 ? key.length : missing;
}

/** Whether two values are equal, with the names of objects in any order. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return one === other;
  }
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return names.length === others.length && names.every((name) =>
    Object.hasOwn(other, name) &&
    isSame((one as Record<string, Json>)[name], (other as Record<string, Json>)[name])
  );
}

/** Adds the path to an error, because a format does not know which file it reads. */
function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FobError) || error.code !== "config_invalid") throw error;
    throw new FobError("config_invalid", `Cannot edit "${path}": ${error.message}`, {
      cause: error,
      facts: { path },
    });
  }
}
