import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { type ChoiceNeeds, findProfile, findRuled } from "../profiles/choose.ts";
import { environmentToken } from "../profiles/environment_token.ts";
import { hostsOf, originAt, type Place } from "../profiles/place.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import type { Secret } from "../secret.ts";
import type { Notes } from "../system/files/notes.ts";
import { digestOf } from "../text/digest.ts";
import type { AccessToken, TokenRequest } from "../tokens/token.ts";
import { type HandedOut, isNotedRefused, noteHandedOut, readHandedOut } from "./handed_out.ts";
import { type EntryNeeds, type EntryQuery, findKept } from "./tool_entry.ts";

/** What a tool asks for. */
export interface ToolRequest {
  /** The protocol that it speaks: its entries are its own. */
  readonly tool: string;
  /** Absent where the tool does not say, so that only the profile that was named can answer. */
  readonly place?: Place;
  readonly username?: string;
  /** The profile or host that was named on the command line. */
  readonly named?: string;
  /** Whether only what the tool gave itself can answer, and for this very path. */
  readonly isStoredOnly?: boolean;
  readonly token: TokenRequest;
  /** Whether the tool, by asking again, says that the token that it got last was refused. */
  readonly isRetry?: (last: HandedOut, now: HandedOut) => boolean;
}

/** What a tool gets: without a type what a tool gave, with one a token of fob's. */
export interface ToolAnswer {
  readonly secret: Secret;
  /** Whose it is; absent for what a tool gave, or the environment has. */
  readonly profile?: string;
  /** The address that it is for: where the tool named one, that. */
  readonly host?: string;
  readonly tokenType?: string;
  readonly username?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** What finding a credential for a tool needs. */
export interface ToolNeeds extends ChoiceNeeds, EntryNeeds {
  /** A token of that profile. */
  readonly token: (profile: Profile, wish: TokenRequest) => Promise<AccessToken>;
  readonly notes: () => Notes;
  /** The process that asks. */
  readonly callerPid: number;
}

/**
 * The credential for what a tool asks, and `undefined` where fob has none for it. Without a name that is a
 * token of the environment for this very host, what the tool gave for it, or the token of the profile that
 * is for it.
 *
 * @throws {FobError} `usage` where nothing says which profile; those of `findProfile` and of a token.
 */
export async function answerTool(
  wish: ToolRequest,
  needs: ToolNeeds,
): Promise<ToolAnswer | undefined> {
  const { place, named } = wish;
  if (place === undefined) return await answerNamed(wish, needs);
  if (wish.isStoredOnly) return await answerKept({ ...wish, place }, needs);
  if (named !== undefined) {
    return await answerFromProfile({ ...wish, place }, needs) ??
      await answerKept({ ...wish, place }, needs);
  }
  return answerFromEnvironment(place, needs) ?? await answerKept({ ...wish, place }, needs) ??
    await answerFromProfile({ ...wish, place }, needs);
}

/** Who does not say where a token will be sent gets the one that a person chose for it, and no other. */
async function answerNamed(wish: ToolRequest, needs: ToolNeeds): Promise<ToolAnswer> {
  if (wish.named === undefined) {
    throw new FobError("usage", "The request contains no host, and no profile is named", {
      facts: { option: "--profile" },
    });
  }
  const profile = findProfile(wish.named, await needs.profiles());
  const { host } = profile;
  return { ...await handOut(profile, wish, needs), ...present({ host }) };
}

/** A token of the environment for just that place. */
export function answerFromEnvironment(place: Place, needs: ToolNeeds): ToolAnswer | undefined {
  const found = environmentToken((host) => originAt(place, [host]) !== undefined, needs);
  if (found === undefined) return undefined;
  const host = originAt(place, [found.host]) ?? found.host;
  return { secret: found.token, host, tokenType: "Bearer" };
}

async function answerKept(
  wish: ToolRequest & EntryQuery,
  needs: ToolNeeds,
): Promise<ToolAnswer | undefined> {
  const [kept] = await findKept(wish, needs, wish.isStoredOnly);
  if (kept === undefined) return undefined;
  const { origin, username, credential: { token, expiresAt } } = kept;
  return {
    secret: token,
    host: origin,
    ...present({ username, expiresAt }),
  };
}

async function answerFromProfile(
  wish: ToolRequest & { readonly place: Place },
  needs: ToolNeeds,
): Promise<ToolAnswer | undefined> {
  const found = await profilesAt(wish, needs);
  const profile = await chooseAmong(found, wish.place, needs);
  if (profile === undefined) return undefined;
  const host = originAt(wish.place, hostsOf(profile, needs.platforms));
  return { ...await handOut(profile, wish, needs), ...present({ host }) };
}

/** The profiles whose tokens may be sent to the place; of the one that is named, that. */
export async function profilesAt(
  { named, place }: { readonly named?: string; readonly place: Place },
  needs: ChoiceNeeds,
): Promise<Profile[]> {
  const profiles = await needs.profiles();
  const all = named === undefined ? profiles.all() : [findProfile(named, profiles)];
  return all.filter((it) => originAt(place, hostsOf(it, needs.platforms)) !== undefined);
}

/** The only one; of several the one that `FOB_PROFILE`, a rule for this place, or the default names. */
async function chooseAmong(
  found: readonly Profile[],
  { origins }: Place,
  { environment, here, ...needs }: ChoiceNeeds,
): Promise<Profile | undefined> {
  if (found.length < 2) return found[0];
  const named = (name: string | undefined): Profile | undefined =>
    found.find((it) => it.name === name);
  const profiles = await needs.profiles();
  const isFound = (name: string): boolean => named(name) !== undefined;
  const chosen = named(environment.get("FOB_PROFILE")) ??
    named((await findRuled(profiles, { origins, here }, isFound))?.profile) ??
    named(profiles.byDefault());
  if (chosen !== undefined) return chosen;
  const names = found.map(({ name }) => name).join(", ");
  throw new FobError("usage", `Several profiles are for "${origins[0]}": ${names}`, {
    facts: { option: "--profile" },
  });
}

/** A token of `profile`; a new one where the one at hand is known to have been refused. */
async function handOut(
  profile: Profile,
  { token: wish, isRetry }: ToolRequest,
  needs: ToolNeeds,
): Promise<Pick<ToolAnswer, "secret" | "profile" | "tokenType" | "expiresAt">> {
  const notes = needs.notes();
  const account = accountOf(profile);
  let held = await needs.token(profile, wish);
  const isStale = !wish.force && (await isNotedRefused(account, held.token, notes) ||
    (isRetry !== undefined && await wasHandedOut(account, held.token, isRetry, needs)));
  if (isStale) held = await needs.token(profile, { ...wish, force: true });
  if (isRetry !== undefined) {
    await noteHandedOut(account, await handing(held.token, needs), notes);
  }
  const { token: secret, tokenType, expiresAt } = held;
  return { secret, profile: profile.name, tokenType, ...present({ expiresAt }) };
}

async function wasHandedOut(
  account: string,
  token: Secret,
  isRetry: NonNullable<ToolRequest["isRetry"]>,
  needs: ToolNeeds,
): Promise<boolean> {
  const now = await handing(token, needs);
  return (await readHandedOut(account, needs.notes())).some((last) => isRetry(last, now));
}

async function handing(token: Secret, { callerPid, clock }: ToolNeeds): Promise<HandedOut> {
  return { callerPid, token: await digestOf(token), at: clock.now() };
}
