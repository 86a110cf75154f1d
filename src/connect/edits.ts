import { FobError } from "../errors.ts";
import type { Edit, Json, SettingsFormat } from "../text/formats/settings_format.ts";

/** A value that was set, and how many of the outer names of its key were there before. */
export interface Setting extends Edit {
  readonly depth: number;
}

/**
 * The text of the file at `path` with what `edits` says, and what had to be set for it.
 *
 * @throws {FobError} `config_invalid` for a text that cannot be read, or edited.
 */
export function applyEdits(
  text: string,
  edits: (text: string) => readonly Edit[],
  path: string,
  format: SettingsFormat | undefined,
): { text: string; settings: Setting[] } {
  if (format === undefined) throw new FobError("failed", "There is no such format of settings");
  return naming(path, () => {
    const settings: Setting[] = [];
    // With a line feed behind it, it would be another line ending than it is.
    if (text.endsWith("\r")) throw new FobError("config_invalid", "it ends within a line ending");
    const [mark, body] = splitMark(text);
    let after = body;
    for (const { key, value } of edits(body)) {
      if (isSame(format.get(after, key), value)) continue;
      const depth = depthOf(after, key, format);
      after = format.set(after, key, value);
      if (!isSame(format.get(after, key), value)) {
        throw new FobError("config_invalid", `"${key.join(".")}" cannot be set without guessing`);
      }
      settings.push({ key, value, depth });
    }
    return { text: mark + after, settings };
  });
}

/**
 * The text without `settings`, the last first, where each still holds what was set: what `original` had
 * comes back.
 *
 * @throws {FobError} `config_invalid` for a text that cannot be read, or edited.
 */
export function takeBackEdits(
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

/** A byte order mark is no part of any format. */
function splitMark(text: string): [mark: string, body: string] {
  return text.startsWith("\uFEFF") ? ["\uFEFF", text.slice(1)] : ["", text];
}

/** Removes the key, and the tables around it that were not there before and that nobody else uses. */
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

/** How many of the outer names of `key` there are. */
function depthOf(text: string, key: readonly string[], format: SettingsFormat): number {
  const missing = key.findIndex((_, i) => format.get(text, key.slice(0, i + 1)) === undefined);
  return missing < 0 ? key.length : missing;
}

/** Whether two values are the same, in whichever order names stand. */
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

/** A format does not know which file it reads. */
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
