import type { ProfileSource, SourceStorage } from "../profiles/profile_source.ts";
import type { ChosenMode } from "../stores/storage_mode.ts";
import type { InspectedStores } from "../stores/inspected_stores.ts";
import type { Environment } from "../system/environment.ts";
import type { TextFile } from "../system/files/text_file.ts";
import { type Check, check, fail, ok } from "./check.ts";

/** What the check of other tools' storage needs. */
export interface ToolStorageNeeds {
  readonly environment: Environment;
  readonly foreignFile: (path: string) => Promise<TextFile>;
  readonly stores: () => Promise<InspectedStores>;
  readonly profileSources: readonly ProfileSource[];
  /** How the logins of a platform are kept. */
  readonly storageMode: (profile: { readonly provider: string }) => Promise<ChosenMode>;
}

/** How the logins of each platform are kept, if its tools' own settings decide; and what their file holds. */
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
      return ok(id, `${mode}, asked for by ${source}`);
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
    return fail(id, `"${path}" is damaged, or of another version`, "store_corrupt", { path });
  }
  const { plaintextRefusedBy } = await stores();
  const refusal = plaintextRefusedBy === undefined ? "" : `; ${plaintextRefusedBy} refuses more`;
  const detail = `legacy, asked for by ${source}: ${count} kept in "${path}", which is plaintext`;
  return ok(id, detail + refusal);
}
