import type { CommandContext } from "../cli/context.ts";
import { fileNotes } from "../system/files/notes.ts";
import { nativePath } from "../system/files/paths.ts";
import { deferInterrupts, holdInterrupts, stoppable } from "../system/interrupts.ts";

/** The operating system. Rarely used parts are loaded on demand. */
export function systemOf(
  { environment, clock, directories, locks, notice }:
    & Pick<CommandContext["system"], "environment" | "clock" | "directories" | "locks">
    & Pick<CommandContext["io"], "notice">,
): CommandContext["system"] {
  return {
    environment,
    clock,
    directories,
    locks,
    notes: () => fileNotes(directories(), notice),
    runRecords: async () => {
      const { runRecords } = await import("../system/files/run_records.ts");
      return runRecords(directories(), clock, notice);
    },
    foreignFile: async (path) => {
      const { textFile } = await import("../system/files/text_file.ts");
      return textFile(nativePath(path));
    },
    readyFile: async (path) => {
      const { readyFile } = await import("../system/files/ready_file.ts");
      return await readyFile(nativePath(path));
    },
    temporaryDirectory: async () => {
      const { openTemporaryDirectory } = await import("../system/files/temporary_directory.ts");
      return openTemporaryDirectory(directories(), clock, notice);
    },
    loopback: async () => (await import("../system/loopback_endpoint.ts")).serveLoopback,
    uninterrupted: deferInterrupts,
    stoppable,
    holdInterrupts,
  };
}
