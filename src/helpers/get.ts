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

/** The `get` request of a tool. */
export interface ToolRequest {
  /** The name of the protocol. Each protocol has its own stored entries. */
  readonly tool: string;
  /** Absent if the request contains no host; then the profile must be named. */
  readonly place?: Place;
  readonly username?: string;
  /** The profile or host named on the command line. */
  readonly named?: string;
  /** Whether only a credential that the tool stored for exactly this path may be returned. */
  readonly isStoredOnly?: boolean;
  readonly token: TokenRequest;
  /** Whether a repeated request means that the server has refused the last token. */
  readonly isRetry?: (last: HandedOut, now: HandedOut) => boolean;
}

/** The credential for a tool. */
export interface ToolAnswer {
  readonly secret: Secret;
  /** The profile of the token; absent for a stored credential and a token of the environment. */
  readonly profile?: string;
  /** The origin that the credential is for: the one in the request, if there is one. */
  readonly host?: string;
  /** Absent for a credential that a tool stored. */
  readonly tokenType?: string;
  readonly username?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** What {@link answerTool} needs. */
export interface ToolNeeds extends ChoiceNeeds, EntryNeeds {
  /** Returns a token of `profile`. */
  readonly token: (profile: Profile, request: TokenRequest) => Promise<AccessToken>;
  readonly notes: () => Notes;
  /** The process that called the helper. */
  readonly callerPid: number;
}

/**
 * Returns the credential for a request; `undefined` if fob has none. Without a named profile, that is, in this
 * order: a token of the environment for exactly this host, the credential that the tool stored for it, or the
 * token of the profile for the host.
 *
 * @throws {FobError} `usage` if the profile is ambiguous or missing; the errors of `findProfile` and of a
 * token.
 */
export async function answerTool(
  request: ToolRequest,
  needs: ToolNeeds,
): Promise<ToolAnswer | undefined> {
  const { place, named } = request;
  if (place === undefined) return await answerNamed(request, needs);
  if (request.isStoredOnly) return await answerKept({ ...request, place }, needs);
  if (named !== undefined) {
    return await answerFromProfile({ ...request, place }, needs) ??
      await answerKept({ ...request, place }, needs);
  }
  return answerFromEnvironment(place, needs) ?? await answerKept({ ...request, place }, needs) ??
    await answerFromProfile({ ...request, place }, needs);
}

/** A request without a host gets only a token of the profile that is named on the command line. */
async function answerNamed(request: ToolRequest, needs: ToolNeeds): Promise<ToolAnswer> {
  if (request.named === undefined) {
    throw new FobError("usage", "The request contains no host, and no profile is named", {
      facts: { option: "--profile" },
    });
  }
  const profile = findProfile(request.named, await needs.profiles());
  const { host } = profile;
  return { ...await handOut(profile, request, needs), ...present({ host }) };
}

/** The token of the environment, if it is for exactly `place`. */
export function answerFromEnvironment(place: Place, needs: ToolNeeds): ToolAnswer | undefined {
  const found = environmentToken((host) => originAt(place, [host]) !== undefined, needs);
  if (found === undefined) return undefined;
  const host = originAt(place, [found.host]) ?? found.host;
  return { secret: found.token, host, tokenType: "Bearer" };
}

async function answerKept(
  request: ToolRequest & EntryQuery,
  needs: ToolNeeds,
): Promise<ToolAnswer | undefined> {
  const [kept] = await findKept(request, needs, request.isStoredOnly);
  if (kept === undefined) return undefined;
  const { origin, username, credential: { token, expiresAt } } = kept;
  return {
    secret: token,
    host: origin,
    ...present({ username, expiresAt }),
  };
}

async function answerFromProfile(
  request: ToolRequest & { readonly place: Place },
  needs: ToolNeeds,
): Promise<ToolAnswer | undefined> {
  const found = await profilesAt(request, needs);
  const profile = await chooseAmong(found, request.place, needs);
  if (profile === undefined) return undefined;
  const host = originAt(request.place, hostsOf(profile, needs.platforms));
  return { ...await handOut(profile, request, needs), ...present({ host }) };
}

/** The profiles with tokens that may be sent to `place`; at most the named one if a profile is named. */
export async function profilesAt(
  { named, place }: { readonly named?: string; readonly place: Place },
  needs: ChoiceNeeds,
): Promise<Profile[]> {
  const profiles = await needs.profiles();
  const all = named === undefined ? profiles.all() : [findProfile(named, profiles)];
  return all.filter((it) => originAt(place, hostsOf(it, needs.platforms)) !== undefined);
}

/** The only profile in `found`, or the profile named by `FOB_PROFILE`, a rule for the place or the default. */
async function chooseAmong(
  found: readonly Profile[],
  { origins }: Place,
  { environment, workingDirectory, ...needs }: ChoiceNeeds,
): Promise<Profile | undefined> {
  if (found.length < 2) return found[0];
  const named = (name: string | undefined): Profile | undefined =>
    found.find((it) => it.name === name);
  const profiles = await needs.profiles();
  const isFound = (name: string): boolean => named(name) !== undefined;
  const chosen = named(environment.get("FOB_PROFILE")) ??
    named((await findRuled(profiles, { origins, workingDirectory }, isFound))?.profile) ??
    named(profiles.byDefault());
  if (chosen !== undefined) return chosen;
  const names = found.map(({ name }) => name).join(", ");
  throw new FobError("usage", `Several profiles are for "${origins[0]}": ${names}`, {
    facts: { option: "--profile" },
  });
}

/** A token of `profile`; a new one if the server is known to have refused the current one. */
async function handOut(
  profile: Profile,
  { token: request, isRetry }: ToolRequest,
  needs: ToolNeeds,
): Promise<Pick<ToolAnswer, "secret" | "profile" | "tokenType" | "expiresAt">> {
  const notes = needs.notes();
  const account = accountOf(profile);
  let held = await needs.token(profile, request);
  const isStale = !request.force && (await isNotedRefused(account, held.token, notes) ||
    (isRetry !== undefined && await wasHandedOut(account, held.token, isRetry, needs)));
  if (isStale) held = await needs.token(profile, { ...request, force: true });
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
