import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { findProfile } from "../profiles/choose.ts";
import { looksLikeHost, nameFor, type Profile } from "../profiles/profile.ts";
import type { Profiles } from "../profiles/profile_file.ts";
import type { ProfileFormat } from "../profiles/profile_source.ts";
import type { Platform } from "../providers/platform.ts";

/** The options of a sign-in. URLs have been validated. */
export interface LoginRequest {
  /** The name or the host of a profile. */
  readonly named?: string | undefined;
  readonly provider?: string | undefined;
  /** Whether a token is pasted instead of a sign-in. */
  readonly withToken?: boolean;
  readonly host?: string | undefined;
  readonly accountId?: string | undefined;
  readonly workspaceId?: string | undefined;
  readonly issuer?: string | undefined;
  readonly clientId?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/**
 * Returns the profile for a sign-in: an existing one with the changes of the request, or a new one. Without a
 * name, a new profile is named after its host. `format` is the format of the platform's own profile file, if it
 * has one.
 *
 * @throws {FobError} `usage` if a name is missing, or the profile has another provider.
 */
export function profileForLogin(
  asked: LoginRequest,
  profiles: Profiles,
  platform?: Platform,
  format?: ProfileFormat,
): Profile {
  const known = asked.named === undefined ? undefined : findExisting(asked.named, profiles);
  const request = {
    ...asked,
    host: known?.host ?? platform?.host,
    ...placeOf(asked, platform, format),
  };
  const name = known?.name ?? newName(asked, platform);
  const existing = known ?? profiles.get(name);
  const provider = request.provider ?? providerFor(existing, platform, request);
  // fob does not change the host of a profile in another tool's file.
  const isTheirs = existing !== undefined &&
    (format !== undefined || !profiles.isOwn(existing.name));
  const isFixed = asked.named === undefined || isTheirs;
  if (existing !== undefined) assertSame(existing, { ...request, isFixed }, provider);
  return applyRequest(existing, request, { name, provider });
}

/** @throws {FobError} `usage` if the sign-in is for another host or provider than `existing`. */
function assertSame(
  existing: Profile,
  { host, isFixed }: LoginRequest & { readonly isFixed: boolean },
  provider: string,
): void {
  const { name } = existing;
  if (isFixed && existing.host !== host) {
    const purpose = existing.host ?? existing.issuer;
    throw new FobError(
      "usage",
      `Profile "${name}" is for "${purpose}". Choose another name for this login`,
      { facts: { example: "fob auth login NAME --host URL" } },
    );
  }
  if (existing.provider !== provider) {
    throw new FobError(
      "usage",
      `Profile "${name}" uses the provider "${existing.provider}", not "${provider}". Choose another name`,
    );
  }
}

/** `existing` with the changes of the request. */
function applyRequest(
  existing: Profile | undefined,
  request: LoginRequest,
  known: Pick<Profile, "name" | "provider">,
): Profile {
  // Another host may have another authorization server, so the issuer and the IDs of the old host are dropped.
  const isMoved = request.host !== undefined && request.host !== existing?.host;
  return present({
    ...known,
    host: request.host ?? existing?.host,
    accountId: request.accountId ?? (isMoved ? undefined : existing?.accountId),
    workspaceId: request.workspaceId ?? (isMoved ? undefined : existing?.workspaceId),
    issuer: request.issuer ?? (isMoved ? undefined : existing?.issuer),
    clientId: request.clientId ?? existing?.clientId,
    scopes: request.scopes ?? existing?.scopes,
  });
}

/** The provider of the sign-in. A pasted token of an unknown platform has the provider `token`. */
function providerFor(
  existing: Profile | undefined,
  platform: Platform | undefined,
  { withToken }: LoginRequest,
): string {
  const provider = existing?.provider ?? platform?.id ?? "oidc";
  return withToken && provider === "oidc" ? "token" : provider;
}

/** The host, account and workspace. A URL of the platform may contain the account or the workspace. */
function placeOf(
  { host, accountId, workspaceId }: LoginRequest,
  platform: Platform | undefined,
  format: ProfileFormat | undefined,
): Partial<LoginRequest> {
  if (host === undefined) return { accountId, workspaceId };
  if (format === undefined) {
    return { host: platform?.consoles?.[host] ?? host, accountId, workspaceId };
  }
  const address = format.readAddress(host);
  return {
    host: address.host,
    accountId: accountId ?? address.accountId,
    workspaceId: workspaceId ?? address.workspaceId,
  };
}

/** The existing profile for `named`; `undefined` if there is none. */
export function findExisting(named: string, profiles: Profiles): Profile | undefined {
  try {
    return findProfile(named, profiles);
  } catch (error) {
    if (error instanceof FobError && error.code === "unknown_profile") return undefined;
    throw error;
  }
}

function newName({ named, host, issuer }: LoginRequest, platform?: Platform): string {
  if (named !== undefined && !looksLikeHost(named)) return named;
  const address = host ?? issuer;
  if (address !== undefined) return nameFor(address);
  if (platform?.host !== undefined) return platform.id;
  throw new FobError("usage", "A profile name is required", {
    facts: { example: "fob auth login NAME --with-token" },
  });
}
