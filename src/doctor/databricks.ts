import { tokenCachePath } from "../databricks/paths.ts";
import type { ChosenMode } from "../stores/storage_mode.ts";
import type { UntouchedStores } from "../stores/untouched_stores.ts";
import type { Environment } from "../system/environment.ts";
import type { TextFile } from "../system/files/text_file.ts";
import { isObject, objectOf, parseObject } from "../text/json_object.ts";
import { type Check, check, fail, ok } from "./check.ts";

/** What the check of Databricks' own storage needs. */
export interface DatabricksStorageNeeds {
  readonly environment: Environment;
  readonly foreignFile: (path: string) => Promise<TextFile>;
  readonly stores: () => Promise<UntouchedStores>;
  /** How the logins of Databricks' profiles are kept. */
  readonly databricksMode: () => Promise<ChosenMode>;
}

const id = "databricks-storage";

/** How Databricks' logins are kept, where its own settings say so; and what its token cache holds. */
export async function checkDatabricksStorage(needs: DatabricksStorageNeeds): Promise<Check[]> {
  const usual = await needs.stores().then(({ chosen }) => chosen.source, () => undefined);
  let isUsual = false;
  const found = await check(id, async () => {
    const { mode, source } = await needs.databricksMode();
    if (mode === "legacy") return await checkTokenCache(source, needs);
    isUsual = source === usual;
    return ok(id, `${mode}, asked for by ${source}`);
  });
  return isUsual ? [] : [found];
}

async function checkTokenCache(
  source: string,
  { environment, foreignFile, stores }: DatabricksStorageNeeds,
): Promise<Check> {
  const path = tokenCachePath(environment);
  const count = countLogins(await (await foreignFile(path)).read());
  if (count === undefined) {
    return fail(id, `"${path}" is damaged, or of another version`, "store_corrupt", { path });
  }
  const { plaintextRefusedBy } = await stores();
  const refusal = plaintextRefusedBy === undefined ? "" : `; ${plaintextRefusedBy} refuses more`;
  const detail = `legacy, asked for by ${source}: ${count} kept in "${path}", which is plain text`;
  return ok(id, detail + refusal);
}

/** How many logins the token cache has; `undefined` for what is none. */
function countLogins(text: string): number | undefined {
  const { version, tokens } = objectOf(parseObject(text || '{"version":1}'));
  const logins = tokens ?? {};
  return version === 1 && isObject(logins) ? Object.keys(logins).length : undefined;
}
