import { anybodys } from "../credentials/environment_token.ts";
import { chooseMode, type StorageWorld } from "./storage.ts";

/**
 * Begins to connect to the Secret Service, where a token that is kept there is going to be asked for: half of what
 * that read takes does not depend on whose token it is, and passes while that is being found out. Never where
 * credentials are kept in a file, or the environment may have an answer. What goes wrong here, the read meets again.
 */
export async function prepareKeychain(world: StorageWorld): Promise<void> {
  try {
    if (Deno.build.os !== "linux" || mayAnswer(world)) return;
    const profiles = await world.ownProfiles();
    if (profiles.isEmpty()) return;
    if (chooseMode("other", profiles, world).mode !== "secure") return;
    (await world.systemKeychain()).prepare?.();
  } catch {
    // The read tells of it.
  }
}

/** Whether a variable is set that holds a token, or has a program sign in. */
function mayAnswer({ environment, platforms }: StorageWorld): boolean {
  const names = platforms.flatMap(({ variables, machines }) => [
    ...variables?.token ?? [],
    ...[machines?.choice, machines?.host, machines?.clientId],
  ]);
  return [...anybodys.token, ...names].some((name) =>
    name !== undefined && environment.get(name) !== undefined
  );
}
