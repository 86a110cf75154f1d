import { requireCredential } from "../credentials/require_credential.ts";
import { FobError } from "../errors.ts";
import { credentialLockLimit, futureTolerance, usualMargin } from "../limits.ts";
import type { TokenSet } from "../oauth/token_set.ts";
import { present } from "../present.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import type { Locks } from "../system/files/locks.ts";
import { reauthenticate, type RenewNeeds, spendRefreshToken } from "./refresh.ts";
import { outageBetween } from "./refresh_journal.ts";
import { pastedToken } from "./static_token.ts";
import type { AccessToken, TokenRequest } from "./token.ts";

/** What {@link accessToken} needs. */
export interface AccessTokenNeeds extends RenewNeeds {
  readonly locks: Locks;
  /** When this process started, milliseconds since the epoch. Called only before a refresh. */
  readonly startedAt: () => Promise<number>;
  readonly notice: (text: string) => void;
}

/**
 * Returns a token of `profile` that lives long enough. A stored token that does costs one read of the store and
 * nothing else. Otherwise the token is refreshed, by exactly one of the processes that request it at once.
 *
 * @throws {FobError} `not_signed_in`, `sign_in_again`, the errors of the store and the provider. A refresh that
 * fails is a notice, not an error, if the stored token is still valid and `force` is not set.
 */
export async function accessToken(
  profile: Profile,
  request: TokenRequest,
  needs: AccessTokenNeeds,
): Promise<AccessToken> {
  const credential = await requireCredential(profile, needs);
  if (credential.kind === "pat") {
    if (request.force) {
      needs.notice(`The token of "${profile.name}" was pasted and cannot be refreshed`);
    }
    return pastedToken(profile, credential, needs.clock.now());
  }
  if (suffices(credential.tokens, request, needs.clock.now())) return held(credential.tokens);
  try {
    const tokens = await refreshOnce(profile, request, needs);
    const left = lifetimeLeft(tokens, needs.clock.now());
    if (left < (request.minTtl ?? 0)) needs.notice(shortLife(left, request.minTtl ?? 0));
    return held(tokens);
  } catch (error) {
    const valid = !request.force && lifetimeLeft(credential.tokens, needs.clock.now()) > 0;
    if (!valid || !(error instanceof FobError) || isFinal(error)) throw error;
    needs.notice(`${error.message}. Using the current token, which is still valid`);
    return held(credential.tokens);
  }
}

/** Whether `error` must be raised although the current token is valid: cancelled, signed out, or login lost. */
export function isFinal({ code, facts }: FobError): boolean {
  return code === "interrupted" || code === "not_signed_in" || facts["spent"] !== undefined;
}

/** The notice for a new token that lives shorter than `minTtl`. Both are in milliseconds. */
export function shortLife(left: number, minTtl: number): string {
  return `This server's tokens live ${duration(left)}; --min-ttl asked for ${duration(minTtl)}`;
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** Whether the token lives long enough for `request`. */
function suffices(tokens: TokenSet, { force, minTtl, margin }: TokenRequest, now: number): boolean {
  return !force && !isFromTheFuture(tokens, now) &&
    lifetimeLeft(tokens, now) > (minTtl ?? defaultMargin(tokens, margin));
}

/** Whether a process obtained the token after this one started. Another refresh would bring nothing newer. */
function isNew(tokens: TokenSet, startedAt: number, now: number): boolean {
  return tokens.obtainedAt >= startedAt && !isFromTheFuture(tokens, now) &&
    lifetimeLeft(tokens, now) > 0;
}

/** Whether the clock was set back after the token was obtained, so that it looks younger than it is. */
function isFromTheFuture({ obtainedAt }: TokenSet, now: number): boolean {
  return obtainedAt > now + futureTolerance;
}

function lifetimeLeft({ expiresAt }: TokenSet, now: number): number {
  return expiresAt === undefined ? Infinity : expiresAt - now;
}

/** The smaller of `usual` and a third of the token's lifetime, in milliseconds. */
function defaultMargin({ expiresAt, obtainedAt }: TokenSet, usual = usualMargin): number {
  return expiresAt === undefined ? 0 : Math.min(usual, (expiresAt - obtainedAt) / 3);
}

function held({ accessToken, tokenType, expiresAt }: TokenSet): AccessToken {
  return { token: accessToken, tokenType, ...present({ expiresAt }) };
}

/** Refreshes under the credential's lock, unless another process did so while this one waited. */
async function refreshOnce(
  profile: Profile,
  request: TokenRequest,
  needs: AccessTokenNeeds,
): Promise<TokenSet> {
  const account = accountOf(profile);
  const startedAt = await needs.startedAt();
  using lock = await needs.locks.take(account, credentialLockLimit);
  const credential = await requireCredential(profile, needs);
  if (credential.kind === "pat") {
    return { accessToken: credential.token, tokenType: "Bearer", obtainedAt: 0 };
  }
  const now = needs.clock.now();
  if (suffices(credential.tokens, request, now) || isNew(credential.tokens, startedAt, now)) {
    return credential.tokens;
  }
  if (credential.kind === "oauth" && credential.tokens.refreshToken === undefined) {
    throw new FobError(
      "sign_in_again",
      `No refresh token is stored for "${profile.name}"`,
      {
        facts: { profile: profile.name },
      },
    );
  }
  const outage = await outageBetween(startedAt, now, lock);
  if (outage !== undefined) throw new FobError("provider_unreachable", outage);
  await needs.store.assertWritable(account);
  const renew = credential.kind === "client"
    ? () => reauthenticate(profile, credential, lock, needs)
    : () => spendRefreshToken(profile, credential, lock, needs);
  return await renew();
}
