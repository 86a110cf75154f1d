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

/** What the examination needs: what its checks need. */
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

/** Checks about one thing. */
export interface Group {
  readonly title: string;
  readonly checks: readonly Check[];
}

/**
 * Looks at everything that a login depends on and that can be looked at without signing in. It changes
 * nothing of the person's: what is tried is tried with an account and a file of its own.
 */
export async function runChecks(needs: CheckNeeds): Promise<Group[]> {
  return [
    { title: "This program", checks: await checkProgram(needs) },
    { title: "Environment", checks: checkEnvironment(needs) },
    { title: "Files", checks: await checkFiles(needs) },
    {
      title: "Logins",
      checks: [
        ...await checkStores(needs),
        ...await checkToolStorage(needs),
        ...await checkLocks(needs),
      ],
    },
    {
      title: "Secrets in plain text",
      checks: [await checkOwnSecrets(needs), ...await checkForeignSecrets(needs)],
    },
    { title: "Sign-in servers", checks: await checkServers(needs) },
  ];
}
