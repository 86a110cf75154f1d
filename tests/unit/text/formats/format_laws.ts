import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdits, undoEdits } from "../../../../src/connect/edits.ts";
import type { Json, SettingsFormat } from "../../../../src/text/formats/settings_format.ts";

/** A value that fob connect sets. */
export const value: fc.Arbitrary<Json> = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.array(fc.string(), { maxLength: 3 }),
);

/** A text and an edit of it. */
export interface TestStore {
  readonly text: string;
  readonly key: readonly string[];
  readonly value: Json;
}

export function trials(
  texts: fc.Arbitrary<string>,
  keys: fc.Arbitrary<readonly string[]>,
  values: fc.Arbitrary<Json> = value,
): fc.Arbitrary<TestStore> {
  return fc.record({ text: texts, key: keys, value: values });
}

/**
 * Checks the laws of a format: an edit sets its value and keeps all others, it only inserts text, and undoing it
 * restores the text.
 */
export function assertLaws(format: SettingsFormat, { text, key, value }: TestStore): void {
  const edit = applyEdits(text, () => [{ key, value }], "f", format);
  const body = (it: string): string => it.replace(/^\uFEFF/, "");
  assert.deepEqual(plain(format.get(body(edit.text), key)), value);
  assert.deepEqual(
    plain(format.get(body(edit.text), [])),
    withValue(plain(format.get(body(text), [])) ?? {}, key, value),
  );
  assert.ok(isKept(text, edit.text), JSON.stringify([text, edit.text]));
  assert.equal(undoEdits(edit.text, edit.settings, text, "f", format), text);
  assert.deepEqual(applyEdits(edit.text, () => [{ key, value }], "f", format).settings, []);
}

/** Whether `after` contains all characters of `text` in order. */
function isKept(text: string, after: string): boolean {
  let at = 0;
  for (const character of after) if (character === text[at]) at++;
  return at === text.length;
}

function plain(value: unknown): Json {
  return value === undefined ? undefined as never : JSON.parse(JSON.stringify(value));
}

function withValue(object: Json, [name, ...rest]: readonly string[], value: Json): Json {
  if (name === undefined) return value;
  const members = object as Record<string, Json>;
  return { ...members, [name]: withValue(members[name] ?? {}, rest, value) };
}
