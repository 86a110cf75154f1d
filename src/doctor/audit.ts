import type { Profiles } from "../profiles/profile_file.ts";
import type { Environment } from "../system/environment.ts";
import type { Directories } from "../system/files/directories.ts";
import type { Machine } from "../system/machine.ts";
import { type Check, check, fail, ok } from "./check.ts";

/** What the check of the audit log needs. */
export interface AuditCheckNeeds {
  readonly environment: Environment;
  readonly profiles: () => Promise<Profiles>;
  readonly directories: () => Directories;
  readonly machine: Machine;
}

/** Where the audit log is, and who can read it; no line where nobody asks for one, and there is none. */
export async function checkAudit(needs: AuditCheckNeeds): Promise<Check[]> {
  const profiles = await needs.profiles().catch(() => undefined);
  const variable = needs.environment.get("FOB_AUDIT_LOG");
  const asking = variable === undefined
    ? profiles?.setting("audit_log") && `audit_log in "${profiles.path}"`
    : "FOB_AUDIT_LOG";
  const { state } = needs.directories();
  const path = (await needs.machine.beside(`${state}/.`)).find((it) => /[\\/]audit\.log$/.test(it));
  if (asking === undefined && path === undefined) return [];
  const place = path ?? `audit.log in "${state}"`;
  return [await check("audit-log", () => checkLog(path, place, asking, needs))];
}

async function checkLog(
  path: string | undefined,
  place: string,
  asking: string | undefined,
  { machine }: AuditCheckNeeds,
): Promise<Check> {
  const entry = path === undefined ? undefined : await machine.entry(path);
  if (path !== undefined && entry !== undefined) {
    const isForeign = entry.owner !== undefined && entry.owner !== machine.user;
    if (entry.isLink || entry.kind !== "file" || isForeign) {
      const detail = `"${path}" is a link, no file, or another user's: nothing is written to it`;
      return fail("audit-log", detail, "not_private", { path });
    }
    if (((entry.mode ?? 0) & 0o077) !== 0) {
      const detail = `"${path}" can be read by others`;
      return fail("audit-log", detail, "mode_too_wide", { path, mode: "600" });
    }
  }
  const shown = path === undefined ? place : `"${path}"`;
  return ok("audit-log", asking ? `${shown}, as far as ${asking} asks for it` : `Left: ${shown}`);
}
