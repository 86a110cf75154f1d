import { FobError } from "../errors.ts";
import type { ProfileQuery, Profiles } from "./profile_file.ts";
import type { ServedProfiles, SourceFile } from "./profile_source.ts";

/** Returns the `own` profiles and the profiles in `files`, which are not read if `query` is for one of fob's own. */
export async function withSources(
  own: Profiles,
  files: readonly SourceFile[],
  query?: ProfileQuery,
): Promise<Profiles> {
  if (query !== undefined && isOwn(query, own, files)) return own;
  const found = await Promise.all(files.map(readForeign));
  return own.beside(found.filter((it) => it !== undefined));
}

/** Whether `query` is for one of fob's own profiles. A platform's variables, or a rule, may select a foreign profile instead. */
function isOwn({ named }: ProfileQuery, own: Profiles, files: readonly SourceFile[]): boolean {
  const name = named ?? own.byDefault();
  const ruled = own.ruleSections().flatMap(({ statements }) => statements)
    .filter(({ key }) => key === "profile");
  if (named === undefined && !ruled.every(({ value }) => own.isOwn(value))) return false;
  if (name === undefined || !own.isOwn(name)) return false;
  const provider = own.get(name)?.provider;
  return !files.some(({ source }) => source.provider === provider);
}

/** Reads a file. If that fails, only a lookup by name throws the error: fob's own profiles do not need the file. */
async function readForeign(file: SourceFile): Promise<ServedProfiles | undefined> {
  const { provider } = file.source;
  try {
    const text = await file.read();
    if (text === "") return undefined;
    return { ...(await file.source.load()).read(text, file.path), provider };
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return {
      provider,
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
