import type { CommandContext } from "../cli/context.ts";
import { present } from "../present.ts";
import { parseBoolean, type Setting } from "../stores/storage_mode.ts";
import type { AuditEntry } from "../system/audit_log.ts";
import { findParent } from "./process.ts";

/** Dependencies of {@link openAudit}. */
type AuditNeeds =
  & Pick<CommandContext["system"], "environment" | "directories" | "locks" | "clock">
  & Pick<CommandContext["io"], "notice">;

/**
 * The function that writes to the audit log, if `FOB_AUDIT_LOG` or else `setting` enables it. `setting` is known
 * only if the profile file has been read; it is not read for this. A failed write is a notice, not an error.
 */
export function openAudit(
  needs: AuditNeeds,
  setting: () => Setting,
): CommandContext["io"]["audit"] {
  const variable = { value: needs.environment.get("FOB_AUDIT_LOG"), source: "FOB_AUDIT_LOG" };
  return async (entry) => {
    const { value, source } = variable.value === undefined ? setting() : variable;
    if (value !== undefined && parseBoolean(value, source)) await append(entry, needs);
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
