import { isObject } from "../json_object.ts";

/** A value that shall stand under a key. Never a secret: it is shown, and noted. */
export interface Edit {
  /** The names that lead to it, from the outermost. */
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
 * How a format of settings is read, and edited without changing more than has to be. The texts have no byte
 * order mark.
 */
export interface SettingsFormat {
  /**
   * What stands under `key`; `undefined` where nothing does.
   *
   * @throws {FobError} `config_invalid` for a text that is not of the format. The message is a reason.
   */
  get(text: string, key: readonly string[]): Json | undefined;
  /**
   * The text with `value` under `key`.
   *
   * @throws {FobError} `config_invalid` where that takes more than an edit.
   */
  set(text: string, key: readonly string[], value: Json): string;
  /**
   * The text without `key`, which is there. Where `set` has added it, that is the text from before, but for
   * the tables around it that `set` has added as well: each is removed in the same way.
   */
  remove(text: string, key: readonly string[]): string;
}

/** The formats by the names that changes have for them. */
export type SettingsFormats = Readonly<Record<string, SettingsFormat>>;

/** What stands under `key` in `value`; `undefined` where nothing does. */
export function valueAt(value: unknown, key: readonly string[]): Json | undefined {
  let at = value;
  for (const name of key) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at as Json;
}
