import type { CommandContext } from "../cli/context.ts";
import { present } from "../present.ts";
import { isYes, type Setting } from "../stores/storage_mode.ts";
import type { AuditEntry } from "../system/audit_log.ts";
import { findParent } from "./process.ts";

/** What the audit log needs. */
type AuditNeeds =
  & Pick<CommandContext["system"], "environment" | "directories" | "locks" | "clock">
  & Pick<CommandContext["io"], "notice">;

/**
 * Writes to the audit log where that is asked for: by `FOB_AUDIT_LOG`, or else by `setting` as far as the profile
 * file has been read, which is not read for it. That it cannot be written is told, and stops no answer.
 */
export function openAudit(
  needs: AuditNeeds,
  setting: () => Setting,
): CommandContext["io"]["audit"] {
  const variable = { value: needs.environment.get("FOB_AUDIT_LOG"), source: "FOB_AUDIT_LOG" };
  return async (entry) => {
    const { value, source } = variable.value === undefined ? setting() : variable;
    if (value !== undefined && isYes(value, source)) await append(entry, needs);
  };
}

async function append(entry: AuditEntry, needs: AuditNeeds): Promise<void> {
  const { directories, locks, clock, notice } = needs;
  try {
    const { appendAudit } = await import("../system/audit_log.ts");
    const parent = await findParent();
    await appendAudit(
      entry,
      { time: clock.now(), pid: Deno.pid, ...present({ parent }) },
      { directory: directories().state, locks: locks(), notice },
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    notice(`Cannot write the audit log: ${why}`);
  }
}
