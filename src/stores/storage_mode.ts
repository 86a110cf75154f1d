import { FobError } from "../errors.ts";

/** How credentials are kept: by the system's keychain, or in a file that only this user can read. */
export type StorageMode = "secure" | "plaintext";

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
}

const modes: readonly string[] = ["secure", "plaintext"] satisfies StorageMode[];

/**
 * The first of `settings` that is set, else `secure` by default.
 *
 * @throws {FobError} `config_invalid` for a value that is no mode, naming where it stands.
 */
export function chooseStorageMode(settings: readonly Setting[]): ChosenMode {
  for (const { value, source } of settings) {
    if (value === undefined || value === "") continue;
    if (!isStorageMode(value)) {
      throw new FobError(
        "config_invalid",
        `Unknown storage mode "${value.slice(0, 40)}" in ${source}: valid are ${modes.join(", ")}`,
      );
    }
    return { mode: value, source, explicit: true };
  }
  return { mode: "secure", source: "default", explicit: false };
}

function isStorageMode(value: string): value is StorageMode {
  return modes.includes(value);
}

/**
 * Who refuses plain text: either can, neither can overrule the other.
 *
 * @throws {FobError} `config_invalid` for a value that is neither yes nor no: guessing would be unsafe.
 */
export function whoRefusesPlaintext(settings: readonly Setting[]): string | undefined {
  return settings.find((setting) =>
    setting.value !== undefined && isYes(setting.value, setting.source)
  )?.source;
}

function isYes(value: string, source: string): boolean {
  if (/^(1|true|yes|y|on)$/i.test(value)) return true;
  if (/^(0|false|no|n|off|)$/i.test(value)) return false;
  throw new FobError(
    "config_invalid",
    `Cannot read "${value.slice(0, 40)}" in ${source}: valid are true, false`,
  );
}
