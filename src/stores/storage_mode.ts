import { FobError } from "../errors.ts";

/**
 * How credentials are kept: by the system's keychain, in a file that only this user can read, or in the
 * one that a platform's tools share, which is for that platform alone.
 */
export type StorageMode = "secure" | "plaintext" | "legacy";

/** A mode and who chose it. Only an explicit `secure` forbids the file where there is no keychain. */
export interface ChosenMode {
  readonly mode: StorageMode;
  readonly source: string;
  readonly explicit: boolean;
}

/** A setting and the name of where it stands, as a person would look for it. */
export interface Setting {
  readonly value: string | undefined;
  readonly source: string;
  /** What its words stand for, where they are not fob's; these are read in any case, and trimmed. */
  readonly words?: Readonly<Record<string, StorageMode>>;
}

const modes: Readonly<Record<string, StorageMode>> = {
  secure: "secure",
  plaintext: "plaintext",
  legacy: "legacy",
};

/**
 * The first of `settings` that is set, else `secure` by default.
 *
 * @throws {FobError} `config_invalid` for a value that is no mode, naming where it stands.
 */
export function chooseStorageMode(settings: readonly Setting[]): ChosenMode {
  for (const { value = "", source, words } of settings) {
    const word = words === undefined ? value : value.trim().toLowerCase();
    if (word === "") continue;
    const known = words ?? modes;
    const mode = Object.hasOwn(known, word) ? known[word] : undefined;
    if (mode !== undefined) return { mode, source, explicit: true };
    const shown = value.slice(0, 40);
    throw new FobError(
      "config_invalid",
      `Unknown storage mode "${shown}" in ${source} (allowed: ${Object.keys(known).join(", ")})`,
      { facts: { mode: shown, source } },
    );
  }
  return { mode: "secure", source: "default", explicit: false };
}

/**
 * Who refuses plaintext: either can, neither can overrule the other.
 *
 * @throws {FobError} `config_invalid` for a value that is neither yes nor no: guessing would be unsafe.
 */
export function whoRefusesPlaintext(settings: readonly Setting[]): string | undefined {
  return settings.find((setting) =>
    setting.value !== undefined && isYes(setting.value, setting.source)
  )?.source;
}

export function isYes(value: string, source: string): boolean {
  if (/^(1|true|yes|y|on)$/i.test(value)) return true;
  if (/^(0|false|no|n|off|)$/i.test(value)) return false;
  throw new FobError(
    "config_invalid",
    `Invalid value "${value.slice(0, 40)}" in ${source} (allowed: true, false)`,
  );
}
