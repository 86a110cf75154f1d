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

/** What a tool gives to keep, and what it was called when fob gave it. */
export interface StoredCredential extends StoreRequest {
  readonly named?: string;
  /** The user that fob's own tokens go by, where the tool gives those back too. */
  readonly ownUsername?: string;
}

/** Keeps what a tool gives as its own, unless it is what fob gave the tool. */
export async function keepForTool(gift: StoredCredential, needs: ToolNeeds): Promise<void> {
  if (!await isFobs(gift, needs)) await keepEntry(gift, needs);
}

async function isFobs(gift: StoredCredential, needs: ToolNeeds): Promise<boolean> {
  const { place, secret } = gift;
  if (answerFromEnvironment(place, needs)?.secret.equals(secret)) return true;
  const found = await profilesAt(gift, needs);
  // A token that has been refreshed since it was handed out is fob's as well.
  if (found.length > 0 && gift.username !== undefined && gift.username === gift.ownUsername) {
    return true;
  }
  const tokens = await Promise.all(found.map((profile) => keptToken(profile, needs)));
  return tokens.some((token) => token?.equals(secret));
}

async function keptToken(
  profile: Profile,
  { store, profiles }: ToolNeeds,
): Promise<Secret | undefined> {
  if (profile.stated !== undefined) return (await profiles()).secretOf(profile);
  const credential = await readCredential(accountOf(profile), await store());
  return credential?.kind === "pat" ? credential.token : credential?.tokens.accessToken;
}

/** What the server has refused. */
export interface Refusal extends EntryQuery {
  readonly named?: string;
  /** Whatever there is, where it is absent. */
  readonly secret?: Secret;
}

/**
 * Removes what a tool gave, if that was refused; a token of fob's is noted, and refreshed when it is asked
 * for again. Nobody is signed out.
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
