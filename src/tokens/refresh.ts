import type { ClientCredential, OAuthCredential } from "../credentials/credential.ts";
import { writeCredential } from "../credentials/envelope.ts";
import { type CredentialNeeds, requireCredential } from "../credentials/require_credential.ts";
import { FobError } from "../errors.ts";
import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import type { Clock } from "../system/clock.ts";
import type { FileLock } from "../system/files/file_lock.ts";
import { interruptedRefresh, noteOutage, noteSpending } from "./refresh_journal.ts";

/** Wraps the token request, to run code before it is sent and after its response. */
export type Exchange = (send: () => Promise<TokenSet>) => Promise<TokenSet>;

/** The services for a refresh. The caller holds the credential's lock. */
export interface RenewNeeds extends CredentialNeeds {
  readonly clock: Clock;
  /**
   * Sends the refresh token once, inside `exchange`, as its last request.
   * Throws `sign_in_again` if the server refuses the refresh token.
   */
  readonly refresh: (authorization: Authorization, exchange: Exchange) => Promise<TokenSet>;
  /** Requests a token with the client secret. Throws `provider_refused` if the server refuses it. */
  readonly authenticate: (authorization: Authorization) => Promise<TokenSet>;
  /** Runs its argument to the end, also after a signal. */
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Milliseconds before a failed write is retried, once. */
const retryDelay = 200;

/** Requests the next token with client credentials. It uses no refresh token, so a failure loses nothing. */
export async function reauthenticate(
  profile: Profile,
  credential: ClientCredential,
  lock: FileLock,
  needs: RenewNeeds,
): Promise<TokenSet> {
  try {
    const tokens = await needs.authenticate(credential);
    await writeCredential(accountOf(profile), { ...credential, tokens }, needs.store);
    return tokens;
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    await noteIfOut(error, lock, needs.clock);
    if (error.code !== "provider_refused") throw error;
    const what = `The login of "${profile.name}" is no longer valid: ${error.message}`;
    throw new FobError("sign_in_again", what, { cause: error, facts: { profile: profile.name } });
  }
}

/** Notes an outage in the lock file, so that processes that wait for the lock do not try too. */
async function noteIfOut(error: FobError, lock: FileLock, clock: Clock): Promise<void> {
  if (error.code !== "provider_unreachable") return;
  await noteOutage(error.message, lock, clock).catch(() => {});
}

/** Uses the refresh token and stores the new tokens before it returns them. */
export async function spendRefreshToken(
  profile: Profile,
  credential: OAuthCredential,
  lock: FileLock,
  needs: RenewNeeds,
): Promise<TokenSet> {
  const earlier = await interruptedRefresh(credential, lock);
  let isSent = false;
  const exchange: Exchange = (send) =>
    needs.uninterrupted(async () => {
      if (earlier === undefined) await noteSpending(credential, lock, needs.clock);
      isSent = true;
      const tokens = await send();
      await keepRotated(profile, { ...credential, tokens }, needs);
      // If this fails, the note is about a token that is no longer stored, so it has no effect.
      await lock.write("").catch(() => {});
      return tokens;
    });
  try {
    return await needs.refresh(credential, exchange);
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    const isAnswered = error.code === "sign_in_again" || error.code === "provider_refused";
    if (isAnswered && earlier === undefined) await lock.write("").catch(() => {});
    await noteIfOut(error, lock, needs.clock);
    if (isSent && error.code === "provider_unreachable") throw uncertain(error);
    if (error.code !== "sign_in_again") throw error;
    return await afterRefusal(profile, credential, error, earlier, needs);
  }
}

/**
 * Adds the fact that the request was sent: the server may have used the refresh token although no response
 * came.
 */
function uncertain(error: FobError): FobError {
  return new FobError(error.code, error.message, {
    cause: error,
    facts: { ...error.facts, sent: "yes" },
  });
}

/** Stores the new tokens, with one retry, because the old refresh token is already used. */
async function keepRotated(
  profile: Profile,
  credential: OAuthCredential,
  needs: RenewNeeds,
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
      `The server issued a new token for "${profile.name}", but it could not be stored: ${error.message}`;
    throw new FobError(error.code, what, { cause: error, facts: { ...error.facts, spent: "yes" } });
  }
}

/**
 * Handles a refused refresh token: returns the tokens of a new sign-in, if one was stored meanwhile, or throws
 * `sign_in_again`. Deletes nothing.
 */
async function afterRefusal(
  profile: Profile,
  spent: OAuthCredential,
  refusal: FobError,
  interruptedAt: string | undefined,
  needs: RenewNeeds,
): Promise<TokenSet> {
  const now = await requireCredential(profile, needs);
  if (now.kind === "oauth" && !now.tokens.accessToken.equals(spent.tokens.accessToken)) {
    return now.tokens;
  }
  const why = interruptedAt === undefined
    ? refusal.message
    : `A refresh that started at ${interruptedAt} was interrupted before the new tokens were ` +
      "stored, and the server no longer accepts the old refresh token";
  throw new FobError("sign_in_again", `The login of "${profile.name}" is no longer valid: ${why}`, {
    cause: refusal,
    facts: { profile: profile.name },
  });
}
