import { isObject } from "../json_object.ts";

/** A value to set under a key. Never a secret: it is printed and recorded. */
export interface Edit {
  /** The names from the outermost table. */
  readonly key: readonly string[];
  readonly value: Json;
}

export type Json =
  | string
  | number
  | boolean
  | readonly Json[]
  | { readonly [name: string]: Json };

/**
 * A format of settings files, which is edited without changing more bytes than needed. The texts have no byte order
 * mark.
 */
export interface SettingsFormat {
  /**
   * Returns the value of `key`, or `undefined` if it is not set.
   *
   * @throws {FobError} `config_invalid` for a text that does not have the format. The message is a reason.
   */
  get(text: string, key: readonly string[]): Json | undefined;
  /**
   * Returns the text with `value` under `key`.
   *
   * @throws {FobError} `config_invalid` if an edit is not possible.
   */
  set(text: string, key: readonly string[], value: Json): string;
  /**
   * Returns the text without `key`, which must exist. If `set` added the key, this restores the previous text, except
   * for tables around it that `set` also added: remove each of them in the same way.
   */
  remove(text: string, key: readonly string[]): string;
}

/** The formats by name. */
export type SettingsFormats = Readonly<Record<string, SettingsFormat>>;

/** Returns the value at `key` in `value`, or `undefined`. */
export function valueAt(value: unknown, key: readonly string[]): Json | undefined {
  let at = value;
  for (const name of key) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at as Json;
}
