import type { ClientCredential, OAuthCredential } from "../credentials/credential.ts";
import { writeCredential } from "../credentials/envelope.ts";
import { type CredentialNeeds, requireCredential } from "../credentials/require_credential.ts";
import { FobError } from "../errors.ts";
import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import type { Clock } from "../system/clock.ts";
import type { FileLock } from "../system/files/file_lock.ts";
import { interruptedRefresh, noteOutage, noteSpending } from "./refresh_journal.ts";

/** Goes round the sending of a refresh token and the arrival of what it brings. */
export type Exchange = (send: () => Promise<TokenSet>) => Promise<TokenSet>;

/** What getting new tokens needs. The credential's lock is held. */
export interface RenewNeeds extends CredentialNeeds {
  readonly clock: Clock;
  /**
   * Spends the refresh token, once, as the last thing that it does, by way of `exchange`.
   * `sign_in_again` where the server refuses it.
   */
  readonly refresh: (authorization: Authorization, exchange: Exchange) => Promise<TokenSet>;
  /** Asks for a token with the client's own secret. `provider_refused` where the server refuses it. */
  readonly authenticate: (authorization: Authorization) => Promise<TokenSet>;
  /** Runs its argument to the end, whatever signal comes. */
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Milliseconds after which a write that failed is tried once more. */
const retryDelay = 200;

/** Asks for the next token of a program's own login. Nothing is spent, so nothing can be lost. */
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

/** Those who wait for the lock learn of an outage from the one who tried. */
async function noteIfOut(error: FobError, lock: FileLock, clock: Clock): Promise<void> {
  if (error.code !== "provider_unreachable") return;
  await noteOutage(error.message, lock, clock).catch(() => {});
}

/** Spends the refresh token and keeps what it brings, before anybody gets to see it. */
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
    await noteIfOut(error, lock, needs.clock);
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

/** The server refuses the refresh token. Somebody may have signed in again meanwhile; nothing is deleted. */
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
