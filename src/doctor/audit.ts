import type { Profiles } from "../profiles/profile_file.ts";
import type { Environment } from "../system/environment.ts";
import type { Directories } from "../system/files/directories.ts";
import type { Machine } from "../system/machine.ts";
import { type Check, check, fail, ok } from "./check.ts";

/** Dependencies of {@link checkAudit}. */
export interface AuditCheckNeeds {
  readonly environment: Environment;
  readonly profiles: () => Promise<Profiles>;
  readonly directories: () => Directories;
  readonly machine: Machine;
}

/** Checks the path and the mode of the audit log. Returns no check if the log is not enabled and does not exist. */
export async function checkAudit(needs: AuditCheckNeeds): Promise<Check[]> {
  const profiles = await needs.profiles().catch(() => undefined);
  const variable = needs.environment.get("FOB_AUDIT_LOG");
  const enabledBy = variable === undefined
    ? profiles?.setting("audit_log") && `audit_log in "${profiles.path}"`
    : "FOB_AUDIT_LOG";
  const { state } = needs.directories();
  const path = (await needs.machine.beside(`${state}/.`)).find((it) => /[\\/]audit\.log$/.test(it));
  if (enabledBy === undefined && path === undefined) return [];
  const place = path ?? `audit.log in "${state}"`;
  return [await check("audit-log", () => checkLog(path, place, enabledBy, needs))];
}

async function checkLog(
  path: string | undefined,
  place: string,
  enabledBy: string | undefined,
  { machine }: AuditCheckNeeds,
): Promise<Check> {
  const entry = path === undefined ? undefined : await machine.entry(path);
  if (path !== undefined && entry !== undefined) {
    const isForeign = entry.owner !== undefined && entry.owner !== machine.user;
    if (entry.isLink || entry.kind !== "file" || isForeign) {
      const detail = `"${path}" is not a regular file of this user. Nothing is written to it`;
      return fail("audit-log", detail, "not_private", { path });
    }
    if (((entry.mode ?? 0) & 0o077) !== 0) {
      const detail = `"${path}" can be read by other users`;
      return fail("audit-log", detail, "mode_too_wide", { path, mode: "600" });
    }
  }
  const shown = path === undefined ? place : `"${path}"`;
  return ok("audit-log", enabledBy ? `${shown}, enabled by ${enabledBy}` : `${shown}, not enabled`);
}
