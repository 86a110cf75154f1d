import type { TextFile } from "../system/files/text_file.ts";

/** What fob changes the files of other tools for. */
export type Purpose = "connect" | "migrate";

/**
 * What the name of a backup ends with. One file can be changed for both purposes, each with its own undo, so
 * each has its own backup.
 */
export const backupSuffixes: Readonly<Record<Purpose, string>> = {
  connect: ".connect.fob-backup",
  migrate: ".fob-backup",
};

/** The backup of `file` from before the first change for `purpose`. */
export function backupOf(file: TextFile, purpose: Purpose): TextFile {
  return file.beside(backupSuffixes[purpose]);
}
