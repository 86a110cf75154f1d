import type { Check } from "./check.ts";
import { checkEnvironment, type EnvironmentNeeds } from "./environment.ts";
import { checkFiles, type FileNeeds } from "./files.ts";
import { checkLocks, type LockNeeds } from "./locks.ts";
import { checkForeignSecrets, type ForeignNeeds } from "./other_tools.ts";
import { checkOwnSecrets } from "./plaintext.ts";
import { checkProgram, type ProgramNeeds } from "./program.ts";
import { checkServers, type ServerNeeds } from "./servers.ts";
import { checkStores, type StoreNeeds } from "./stores.ts";
import { checkToolStorage, type ToolStorageNeeds } from "./tool_storage.ts";

/** A check function. It declares its dependencies. */
type DoctorCheck = (needs: CheckNeeds) => Findings | Promise<Findings>;
type Findings = Check | readonly Check[];

/** The registry of checks, by the title of their group, in the order in which they are reported. */
const groups: Readonly<Record<string, readonly DoctorCheck[]>> = {
  "This program": [checkProgram],
  Environment: [checkEnvironment],
  Files: [checkFiles],
  Logins: [checkStores, checkToolStorage, checkLocks],
  "Secrets in plaintext": [checkOwnSecrets, checkForeignSecrets],
  "Sign-in servers": [checkServers],
};

/** The dependencies of all checks. */
export interface CheckNeeds
  extends
    ProgramNeeds,
    EnvironmentNeeds,
    FileNeeds,
    StoreNeeds,
    ToolStorageNeeds,
    LockNeeds,
    ForeignNeeds,
    ServerNeeds {}

/** A group of checks with a title. */
export interface Group {
  readonly title: string;
  readonly checks: readonly Check[];
}

/**
 * Runs all checks without signing in. Nothing of the user is changed: tests use an
 * account and a file of their own.
 */
export async function runChecks(needs: CheckNeeds): Promise<Group[]> {
  const found: Group[] = [];
  for (const [title, checks] of Object.entries(groups)) {
    const results: Check[] = [];
    for (const check of checks) results.push(...[await check(needs)].flat());
    found.push({ title, checks: results });
  }
  return found;
}
