import type { ProfileSource, SourceStorage } from "../profiles/profile_source.ts";
import type { ChosenMode } from "../stores/storage_mode.ts";
import type { InspectedStores } from "../stores/inspected_stores.ts";
import type { Environment } from "../system/environment.ts";
import type { TextFile } from "../system/files/text_file.ts";
import { type Check, check, fail, ok } from "./check.ts";

/** Dependencies of {@link checkToolStorage}. */
export interface ToolStorageNeeds {
  readonly environment: Environment;
  readonly foreignFile: (path: string) => Promise<TextFile>;
  readonly stores: () => Promise<InspectedStores>;
  readonly profileSources: readonly ProfileSource[];
  /** The storage mode of a platform's logins. */
  readonly storageMode: (profile: { readonly provider: string }) => Promise<ChosenMode>;
}

/** Checks the storage of each platform's logins, if the settings of its tools select it, and counts the logins. */
export async function checkToolStorage(needs: ToolStorageNeeds): Promise<Check[]> {
  const usual = await needs.stores().then(({ chosen }) => chosen.source, () => undefined);
  const checks: Check[] = [];
  for (const { provider, storage } of needs.profileSources) {
    if (storage === undefined) continue;
    const id = `${provider}-storage`;
    let isUsual = false;
    const found = await check(id, async () => {
      const { mode, source } = await needs.storageMode({ provider });
      if (mode === "legacy") return await checkLogins(id, source, storage, needs);
      isUsual = source === usual;
      return ok(id, `${mode} (set by ${source})`);
    });
    if (!isUsual) checks.push(found);
  }
  return checks;
}

async function checkLogins(
  id: string,
  source: string,
  storage: SourceStorage,
  { environment, foreignFile, stores }: ToolStorageNeeds,
): Promise<Check> {
  const path = storage.path(environment);
  const count = await storage.count(await (await foreignFile(path)).read());
  if (count === undefined) {
    return fail(id, `"${path}" is corrupt or has an unsupported version`, "store_corrupt", {
      path,
    });
  }
  const { plaintextRefusedBy } = await stores();
  const refusal = plaintextRefusedBy === undefined
    ? ""
    : `; ${plaintextRefusedBy} forbids new ones`;
  const detail = `legacy (set by ${source}): ${count} stored in "${path}" in plaintext`;
  return ok(id, detail + refusal);
}
