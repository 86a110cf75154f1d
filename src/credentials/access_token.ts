import { FobError } from "../errors.ts";
import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import { Secret } from "../secret.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Clock } from "../system/clock.ts";
import type { Locks } from "../system/locks.ts";
import type { FileLock } from "../system/file_lock.ts";
import type { Credential, OAuthCredential } from "./credential.ts";
import { readCredential, writeCredential } from "./envelope.ts";
import { pastedToken } from "./pasted_token.ts";
import { accountOf, type Profile } from "./profile.ts";
import { interruptedRefresh, noteOutage, noteSpending, outageSince } from "./refresh_journal.ts";

/** What the caller wants of the token. */
export interface TokenWish {
  /** Milliseconds that the token must still live; {@link defaultMargin} where it is absent. */
  readonly minTtl?: number;
  /** Whether a token from before this process started is too old. */
  readonly force?: boolean;
}

/** A token to hand out. */
export interface AccessToken {
  readonly token: Secret;
  readonly tokenType: string;
  /** Milliseconds since the epoch; absent where nobody said. */
  readonly expiresAt?: number;
}

/** Goes round the sending of a refresh token and the arrival of what it brings. */
export type Exchange = (send: () => Promise<TokenSet>) => Promise<TokenSet>;

/** What handing out a token needs. */
export interface AccessTokenNeeds {
  readonly store: SecretStore;
  readonly clock: Clock;
  readonly locks: Locks;
  /** When this process started, milliseconds since the epoch. Asked only where a token is to be refreshed. */
  readonly startedAt: () => Promise<number>;
  /**
   * Spends the refresh token, once, as the last thing that it does, by way of `exchange`.
   * `sign_in_again` where the server refuses it.
   */
  readonly refresh: (authorization: Authorization, exchange: Exchange) => Promise<TokenSet>;
  /** Runs its argument to the end, whatever signal comes. */
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
  readonly notice: (text: string) => void;
}

/** Milliseconds that a process waits for another one's refresh: three requests at their limits. */
const refreshLockLimit = 60_000;
/** Milliseconds after which a write that failed is tried once more. */
const retryDelay = 200;
/** Milliseconds that a token must still live by default. */
const fiveMinutes = 300_000;
/** Milliseconds by which a token may come from the future before the clock is taken to have been set back. */
const clockTolerance = 60_000;

/**
 * A token of `profile` that lives long enough: the kept one, with one read and nothing else; or a fresh
 * one, refreshed by exactly one of all processes that ask at once.
 *
 * @throws {FobError} `not_signed_in`, `sign_in_again`, the store's and the provider's errors. A refresh
 * that fails is no error, but a notice, as long as the kept token is valid and nobody forced it.
 */
export async function accessToken(
  profile: Profile,
  wish: TokenWish,
  needs: AccessTokenNeeds,
): Promise<AccessToken> {
  const credential = await requireCredential(profile, needs.store);
  if (credential.kind === "pat") {
    if (wish.force) {
      needs.notice(`The token of "${profile.name}" was pasted, so nothing can refresh it`);
    }
    return pastedToken(profile, credential, needs.clock.now());
  }
  if (suffices(credential.tokens, wish, needs.clock.now())) return held(credential.tokens);
  try {
    const tokens = await refreshOnce(profile, wish, needs);
    if (lifetimeLeft(tokens, needs.clock.now()) < (wish.minTtl ?? 0)) {
      needs.notice("The server gives no token that lives as long as was asked for");
    }
    return held(tokens);
  } catch (error) {
    const valid = !wish.force && lifetimeLeft(credential.tokens, needs.clock.now()) > 0;
    if (!valid || !(error instanceof FobError) || isFinal(error)) throw error;
    needs.notice(`${error.message}. The token at hand is still valid, so it is used`);
    return held(credential.tokens);
  }
}

/** What a token at hand does not make up for: the person wants out, has got out, or has just lost the login. */
function isFinal({ code, facts }: FobError): boolean {
  return code === "interrupted" || code === "not_signed_in" || facts["spent"] !== undefined;
}

/** The credential of `profile`. */
export async function requireCredential(profile: Profile, store: SecretStore): Promise<Credential> {
  const credential = await readCredential(accountOf(profile), store);
  const facts = { profile: profile.name };
  if (credential === undefined) {
    throw new FobError("not_signed_in", `Not signed in to "${profile.name}"`, { facts });
  }
  assertSameTarget(profile, credential);
  return credential;
}

/** A credential is for what it was obtained for, whatever the profile says since. */
function assertSameTarget(profile: Profile, credential: Credential): void {
  const isSame = isSameAddress(profile.host, credential.host) &&
    (credential.kind === "pat" || isSameServer(profile, credential));
  if (isSame) return;
  const target = credential.host ?? (credential.kind === "oauth" ? credential.issuer : "no host");
  throw new FobError(
    "sign_in_again",
    `Profile "${profile.name}" has been changed since it was signed in to "${target}"`,
    { facts: { profile: profile.name } },
  );
}

function isSameServer(profile: Profile, { issuer, clientId }: OAuthCredential): boolean {
  return isSameAddress(profile.issuer ?? issuer, issuer) &&
    (profile.clientId ?? clientId) === clientId;
}

/** A person may write an address as it comes: a slash at its end, or capitals in its host, change nothing. */
function isSameAddress(one: string | undefined, other: string | undefined): boolean {
  return one === other || spelling(one) === spelling(other);
}

function spelling(address: string | undefined): string | undefined {
  return address === undefined ? undefined : URL.parse(address)?.href.replace(/\/$/, "") ?? address;
}

/** Whether the token can be handed out as it is. */
function suffices(tokens: TokenSet, { force, minTtl }: TokenWish, now: number): boolean {
  return !force && !isFromTheFuture(tokens, now) &&
    lifetimeLeft(tokens, now) > (minTtl ?? defaultMargin(tokens));
}

/** Whether somebody obtained the token while this process was already there: newer cannot be had. */
function isNew(tokens: TokenSet, startedAt: number, now: number): boolean {
  return tokens.obtainedAt >= startedAt && !isFromTheFuture(tokens, now) &&
    lifetimeLeft(tokens, now) > 0;
}

/** A clock that was set back makes a token look younger than it is. */
function isFromTheFuture({ obtainedAt }: TokenSet, now: number): boolean {
  return obtainedAt > now + clockTolerance;
}

function lifetimeLeft({ expiresAt }: TokenSet, now: number): number {
  return expiresAt === undefined ? Infinity : expiresAt - now;
}

/** Five minutes, or a third of its life for a token that lives less than fifteen. */
function defaultMargin({ expiresAt, obtainedAt }: TokenSet): number {
  return expiresAt === undefined ? 0 : Math.min(fiveMinutes, (expiresAt - obtainedAt) / 3);
}

function held({ accessToken, tokenType, expiresAt }: TokenSet): AccessToken {
  return { token: accessToken, tokenType, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** Refreshes under the credential's lock, unless another process has while this one waited. */
async function refreshOnce(
  profile: Profile,
  wish: TokenWish,
  needs: AccessTokenNeeds,
): Promise<TokenSet> {
  const account = accountOf(profile);
  const startedAt = await needs.startedAt();
  using lock = await needs.locks.take(account, refreshLockLimit);
  const credential = await requireCredential(profile, needs.store);
  if (credential.kind !== "oauth") {
    return { accessToken: credential.token, tokenType: "Bearer", obtainedAt: 0 };
  }
  const now = needs.clock.now();
  if (suffices(credential.tokens, wish, now) || isNew(credential.tokens, startedAt, now)) {
    return credential.tokens;
  }
  if (credential.tokens.refreshToken === undefined) {
    throw new FobError(
      "sign_in_again",
      `The token of "${profile.name}" has no refresh token`,
      {
        facts: { profile: profile.name },
      },
    );
  }
  const outage = await outageSince(startedAt, lock);
  if (outage !== undefined) throw new FobError("provider_unreachable", outage);
  await needs.store.assertWritable(account);
  return await spend(profile, credential, lock, needs);
}

/** Spends the refresh token and keeps what it brings, before anybody gets to see it. */
async function spend(
  profile: Profile,
  credential: OAuthCredential,
  lock: FileLock,
  needs: AccessTokenNeeds,
): Promise<TokenSet> {
  const earlier = await interruptedRefresh(credential, lock);
  let isSent = false;
  const exchange: Exchange = (send) =>
    needs.uninterrupted(async () => {
      if (earlier === undefined) await noteSpending(credential, lock, needs.clock);
      isSent = true;
      const tokens = await send();
      await keepRotated(profile, { ...credential, tokens }, needs);
      // A note that stays is about a token that is no longer kept, so nobody will heed it.
      await lock.write("").catch(() => {});
      return tokens;
    });
  try {
    return await needs.refresh(credential, exchange);
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    const isAnswered = error.code === "sign_in_again" || error.code === "provider_refused";
    if (isAnswered && earlier === undefined) await lock.write("").catch(() => {});
    if (error.code === "provider_unreachable") {
      await noteOutage(error.message, lock, needs.clock).catch(() => {});
    }
    if (isSent && error.code === "provider_unreachable") throw uncertain(error);
    if (error.code !== "sign_in_again") throw error;
    return await afterRefusal(profile, credential, error, earlier, needs);
  }
}

/** The server may have spent the refresh token before its answer was lost. */
function uncertain(error: FobError): FobError {
  return new FobError(error.code, error.message, {
    cause: error,
    facts: { ...error.facts, sent: "yes" },
  });
}

/** Keeps what the server has just issued, if need be at the second try: what it was issued for is spent. */
async function keepRotated(
  profile: Profile,
  credential: OAuthCredential,
  needs: AccessTokenNeeds,
): Promise<void> {
  const write = (): Promise<void> => writeCredential(accountOf(profile), credential, needs.store);
  try {
    await write().catch(async () => {
      await needs.clock.sleep(retryDelay);
      await write();
    });
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    const what =
      `The server has issued a new token for "${profile.name}", which cannot be kept: ${error.message}`;
    throw new FobError(error.code, what, { cause: error, facts: { ...error.facts, spent: "yes" } });
  }
}

/** The server refuses the refresh token. Somebody may have signed in again meanwhile; nothing is deleted. */
async function afterRefusal(
  profile: Profile,
  spent: OAuthCredential,
  refusal: FobError,
  interruptedAt: string | undefined,
  needs: AccessTokenNeeds,
): Promise<TokenSet> {
  const now = await requireCredential(profile, needs.store);
  if (now.kind === "oauth" && !now.tokens.accessToken.equals(spent.tokens.accessToken)) {
    return now.tokens;
  }
  const why = interruptedAt === undefined
    ? refusal.message
    : `A refresh that began at ${interruptedAt} was cut off before its answer was kept, and the ` +
      "server has already spent the refresh token, or ended it";
  throw new FobError("sign_in_again", `The login of "${profile.name}" has ended: ${why}`, {
    cause: refusal,
    facts: { profile: profile.name },
  });
}
