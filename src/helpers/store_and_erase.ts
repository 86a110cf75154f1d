import { readCredential } from "../credentials/envelope.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import type { Secret } from "../secret.ts";
import { answerFromEnvironment, profilesAt, type ToolNeeds } from "./get.ts";
import { noteRefused } from "./handed_out.ts";
import {
  type EntryQuery,
  findKept,
  keepEntry,
  removeEntry,
  type StoreRequest,
} from "./tool_entry.ts";

/** The `store` request of a tool. */
export interface StoredCredential extends StoreRequest {
  /** The profile or host named on the command line. */
  readonly named?: string;
  /** The username of fob's own tokens, which some tools store back. */
  readonly ownUsername?: string;
}

/** Stores the credential of a tool, unless it is a token that fob returned to the tool. */
export async function keepForTool(stored: StoredCredential, needs: ToolNeeds): Promise<void> {
  if (!await isOwnToken(stored, needs)) await keepEntry(stored, needs);
}

async function isOwnToken(stored: StoredCredential, needs: ToolNeeds): Promise<boolean> {
  const { place, secret } = stored;
  if (answerFromEnvironment(place, needs)?.secret.equals(secret)) return true;
  const found = await profilesAt(stored, needs);
  const { username, ownUsername } = stored;
  // The username also recognizes a token that was refreshed after fob returned it.
  if (found.length > 0 && username !== undefined && username === ownUsername) return true;
  const tokens = await Promise.all(found.map((profile) => keptToken(profile, needs)));
  return tokens.some((token) => token?.equals(secret));
}

async function keptToken(
  profile: Profile,
  { store, profiles }: ToolNeeds,
): Promise<Secret | undefined> {
  if (profile.configFile !== undefined) return (await profiles()).secretOf(profile);
  const credential = await readCredential(accountOf(profile), await store());
  return credential?.kind === "pat" ? credential.token : credential?.tokens.accessToken;
}

/** The `erase` request of a tool: the server has refused a credential. */
export interface Refusal extends EntryQuery {
  /** The profile or host named on the command line. */
  readonly named?: string;
  /** The refused secret; any secret if absent. */
  readonly secret?: Secret;
}

/**
 * Deletes the tool's stored credential if it was refused. A refused token of a profile is noted and refreshed
 * at the next request. The profile stays signed in.
 */
export async function rejectForTool(refusal: Refusal, needs: ToolNeeds): Promise<void> {
  const { secret } = refusal;
  const isRefused = (token: Secret | undefined): token is Secret =>
    token !== undefined && (secret === undefined || token.equals(secret));
  const kept = (await findKept(refusal, needs)).filter((it) => isRefused(it.credential.token));
  for (const entry of kept) await removeEntry(entry, needs);
  if (kept.length > 0) return;
  for (const profile of await profilesAt(refusal, needs)) {
    const token = await keptToken(profile, needs);
    if (isRefused(token)) await noteRefused(accountOf(profile), token, needs.notes());
  }
}
