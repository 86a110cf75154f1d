import { Profiles, readProfiles } from "../profiles/profile_file.ts";
import type { InspectedStores } from "../stores/inspected_stores.ts";
import type { Directories } from "../system/files/directories.ts";
import type { TextFile } from "../system/files/text_file.ts";
import type { UserFile } from "../system/files/user_file.ts";
import type { Machine } from "../system/machine.ts";
import { type Check, check, ok, warn } from "./check.ts";
import { describeReaders, findWidePlace } from "./files.ts";

/** Dependencies of {@link checkOwnSecrets}. */
export interface OwnSecretNeeds {
  readonly machine: Machine;
  readonly directories: () => Directories;
  readonly profileFile: () => UserFile;
  readonly foreignFile: (path: string) => Promise<TextFile>;
  readonly stores: () => Promise<InspectedStores>;
}

const id = "plaintext:fob";

/** Checks for plaintext logins although there is a keychain, and for tokens in the profile file. */
export async function checkOwnSecrets(needs: OwnSecretNeeds): Promise<Check> {
  return await check(id, async () => {
    const opened = await needs.stores();
    const isSecure = opened.chosen.mode === "secure" &&
      (await opened.availability()).state === "ready";
    const { profileFile, foreignFile } = needs;
    const places = [
      ...await describeTokens(await readProfiles(profileFile()), needs),
      ...isSecure ? await loginsInFile(opened, needs) : [],
    ];
    const backup = `${profileFile().path}.bak`;
    const text = await (await foreignFile(backup)).read();
    const older = await describeTokens(new Profiles(text, backup), needs);
    if (places.length === 0 && older.length > 0) {
      // fob does not move old tokens from the backup.
      return warn(id, `In plaintext: ${older[0]}`, "plaintext_left", {
        tool: "fob",
        backups: backup,
      });
    }
    if (places.length === 0) return ok(id, "Nothing to move to the keychain");
    const moves = !isSecure ? "never" : opened.chosen.explicit ? "on_request" : "automatic";
    const intro = moves === "automatic"
      ? "The next command that uses a login moves"
      : "In plaintext";
    const rest = older.map((place) => `; in a backup: ${place}`).join("");
    return warn(id, `${intro}: ${places.join("; ")}${rest}`, "plaintext_left", {
      tool: "fob",
      moves,
    });
  });
}

async function describeTokens(profiles: Profiles, { machine }: OwnSecretNeeds): Promise<string[]> {
  const names = profiles.namesWithToken();
  if (names.length === 0) return [];
  const open = describeReaders(await machine.entry(profiles.path));
  return [`a token of ${names.join(", ")} in "${profiles.path}"${open}`];
}

async function loginsInFile(
  { file }: InspectedStores,
  needs: OwnSecretNeeds,
): Promise<string[]> {
  const wide = await findWidePlace(needs);
  if (wide !== undefined) {
    const isThere = await needs.machine.entry(file.location) !== undefined;
    return isThere ? [`"${file.location}" (not read)`] : [];
  }
  const accounts = await file.list();
  return accounts.length === 0 ? [] : [`${accounts.join(", ")} in "${file.location}"`];
}
