import { FobError } from "../errors.ts";
import type { ForeignProfiles, Profiles, ProfileWish } from "../profiles/profile_file.ts";
import type { UserFile } from "../system/files/user_file.ts";

/** Fob's `own` profiles; and those of Databricks' tools, where their file is there, unless `own` has whom `wish` is for. */
export async function withDatabricks(
  own: Profiles,
  databricks: UserFile,
  wish?: ProfileWish,
): Promise<Profiles> {
  return wish !== undefined && isOwn(wish, own) ? own : own.beside(await readForeign(databricks));
}

/** Among Databricks' profiles its own variables choose, wherever they stand; and a rule may be for one. */
function isOwn({ named }: ProfileWish, own: Profiles): boolean {
  const name = named ?? own.byDefault();
  const ruled = own.ruleSections().flatMap(({ statements }) => statements)
    .filter(({ key }) => key === "profile");
  if (named === undefined && !ruled.every(({ value }) => own.isOwn(value))) return false;
  return name !== undefined && own.isOwn(name) && own.get(name)?.provider !== "databricks";
}

/** A file of another tool that cannot be read is nobody's concern who asks for a profile of fob's own. */
async function readForeign(file: UserFile): Promise<ForeignProfiles | undefined> {
  try {
    const text = await file.read();
    if (text === "") return undefined;
    const { servedProfiles } = await import("./as_profiles.ts");
    return servedProfiles(text, file.path);
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return {
      path: file.path,
      names: () => [],
      get: () => {
        throw error;
      },
      forHost: () => undefined,
      byDefault: () => undefined,
      authStorage: () => undefined,
      secretOf: () => undefined,
    };
  }
}
