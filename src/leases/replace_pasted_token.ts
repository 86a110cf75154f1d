import type { Credential, PatCredential } from "../credentials/credential.ts";
import { readCredential } from "../credentials/envelope.ts";
import { keepLogin, type KeepNeeds, type Login, mayBeKept } from "../credentials/login.ts";
import { FobError } from "../errors.ts";
import { cleanupLimit, credentialLockLimit } from "../limits.ts";
import { accountOf, assertProfileName, type Profile } from "../profiles/profile.ts";
import type { TokenIssuer } from "../providers/token_issuer.ts";
import type { Secret } from "../secret.ts";
import type { Locks } from "../system/files/locks.ts";
import type { LimitedToken } from "./minter.ts";
import { type MintNeeds, type MintRun, openRun, sweepBefore } from "./open.ts";
import { retryUntil } from "./retry_until.ts";

/** The required owner of a pasted token, and the option or fact that requires it. */
export interface Owner {
  readonly name: string;
  readonly source: string;
}

/** The options of a sign-in with a pasted token. */
export interface PastedTokenOptions {
  /** The lifetime of fob's own token in milliseconds. */
  readonly lifetime: number;
  readonly owner?: Owner;
  /** Whether the sign-in may replace that of another identity. */
  readonly replace: boolean;
}

/** The result of a sign-in with a pasted token. */
export interface PastedTokenLogin extends Login {
  readonly identity: string;
  readonly kept: PatCredential;
}

export interface PastedTokenNeeds extends KeepNeeds, MintNeeds {
  /** Locks of their own, so that two sign-ins to a profile run one after the other and leave one token. */
  readonly turns: Locks;
}

/**
 * Signs in with a pasted token, on a platform that creates tokens by an API. `read` prompts for the token,
 * after the check that a credential can be stored. fob asks the server for the owner, and replaces the token
 * with its own one, which has an expiry and a known ID. If the server refuses to create one, the pasted token
 * is stored, with a notice.
 *
 * @throws {FobError} `identity_mismatch` for a token of another owner; `provider_refused` if the server does
 * not accept it; the errors of the store. Then nothing is stored, and no token is left at the server.
 */
export async function replacePastedToken(
  profile: Profile,
  options: PastedTokenOptions,
  read: () => Promise<Secret>,
  needs: PastedTokenNeeds,
): Promise<PastedTokenLogin> {
  const { issuer, store, profileFile } = needs;
  const account = accountOf(profile);
  assertProfileName(profile.name);
  await store.assertWritable(account);
  await profileFile.assertWritable();
  const pasted = await read();
  using _turn = await needs.turns.take(`login ${account}`, credentialLockLimit);
  const before = await keptBefore(account, needs);
  const identity = await retryUntil(
    () => issuer.identify(pasted),
    needs.clock.now() + cleanupLimit,
    needs,
  );
  assertOwner(identity, options.owner);
  if (!options.replace) assertSameIdentity(identity, profile, before);
  const keep = before?.kind === "pat" && before.tokenId !== undefined
    ? { keep: before.tokenId }
    : {};
  const { name } = profile;
  await sweepBefore({ issuer, by: pasted, owner: identity, profile: name, ...keep }, needs);
  const kept = await needs.uninterrupted(() =>
    replacePasted(profile, pasted, identity, options, needs)
  );
  await endReplaced(before, kept, needs);
  return { profile, identity, kept };
}

/** The stored credential. One that cannot be read counts as absent, because a sign-in replaces it. */
async function keptBefore(
  account: string,
  { store }: PastedTokenNeeds,
): Promise<Credential | undefined> {
  try {
    return await readCredential(account, store);
  } catch (error) {
    if (error instanceof FobError && error.code === "store_corrupt") return undefined;
    throw error;
  }
}

/** Compares without case, because platforms identify people by email address. */
function isSamePerson(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function assertOwner(identity: string, owner: Owner | undefined): void {
  if (owner === undefined || isSamePerson(identity, owner.name)) return;
  throw new FobError(
    "identity_mismatch",
    `The token belongs to "${identity}", not to "${owner.name}" (${owner.source})`,
  );
}

function assertSameIdentity(
  identity: string,
  { name, host }: Profile,
  before: Credential | undefined,
): void {
  if (before?.identity === undefined) return;
  if (isSamePerson(identity, before.identity) && (before.host ?? host) === host) return;
  const where = before.host === undefined || before.host === host ? "" : ` at "${before.host}"`;
  throw new FobError(
    "identity_mismatch",
    `"${name}" is signed in as "${before.identity}"${where}, but the token belongs to "${identity}"`,
    { facts: { option: "--replace" } },
  );
}

async function replacePasted(
  profile: Profile,
  pasted: Secret,
  identity: string,
  { lifetime }: PastedTokenOptions,
  needs: PastedTokenNeeds,
): Promise<PatCredential> {
  const { issuer, clock } = needs;
  const bound = { kind: "pat", host: issuer.host, identity, obtainedAt: clock.now() } as const;
  const run = await openRun(
    { purpose: "login", profile: profile.name, host: issuer.host, owner: identity },
    needs,
  );
  const made = await mintIfAllowed(pasted, lifetime, run, needs);
  if (made === undefined) {
    const credential = { ...bound, token: pasted };
    await keepLogin(profile, credential, needs);
    return credential;
  }
  const { token, id: tokenId, expiresAt } = made;
  const credential = { ...bound, token, tokenId, expiresAt };
  await keepMade(profile, credential, pasted, run, needs);
  return credential;
}

/** Creates fob's own token; `undefined` if the server refuses to. */
async function mintIfAllowed(
  by: Secret,
  lifetime: number,
  { minter, journal }: MintRun,
  needs: PastedTokenNeeds,
): Promise<LimitedToken | undefined> {
  const { notice } = needs;
  const deadline = needs.clock.now() + cleanupLimit;
  try {
    const made = await retryUntil(() => minter.mint(by, lifetime), deadline, needs);
    await minter.settle(by).catch(() => {});
    return made;
  } catch (error) {
    try {
      await retryUntil(() => minter.settle(by, true), deadline, needs);
      await journal.close();
    } catch {
      journal.leave();
    }
    if (!(error instanceof FobError) || error.code !== "provider_refused") throw error;
    if (error.facts["error"] === "INVALID_PARAMETER_VALUE") throw tooLong(error);
    notice(
      `${error.message}. fob could not create its own token, so it stores the pasted one`,
    );
    return undefined;
  }
}

/** The request has only a comment and a lifetime, and a workspace may limit the lifetime. */
function tooLong(cause: FobError): FobError {
  const message = `${cause.message}: the host creates no token with this lifetime`;
  return new FobError("provider_refused", message, {
    cause,
    facts: { ...cause.facts, option: "--lifetime" },
  });
}

/**
 * Stores fob's own token, or revokes it if it cannot be stored. The next sign-in decides if that is unknown.
 */
async function keepMade(
  profile: Profile,
  credential: PatCredential & { readonly tokenId: string },
  pasted: Secret,
  { minter, journal }: MintRun,
  needs: PastedTokenNeeds,
): Promise<void> {
  try {
    await keepLogin(profile, credential, needs);
  } catch (error) {
    if (error instanceof FobError && error.code === "interrupted") await journal.close();
    else if (mayBeKept(error)) journal.leave();
    else {
      await minter.revoke(pasted, credential.tokenId).then(
        () => journal.close(),
        () => journal.leave(),
      );
    }
    throw error;
  }
  await minter.settle(pasted, true).then(() => journal.close(), () => journal.leave());
}

/**
 * Revokes the token that fob created for an earlier sign-in, with that token, so that its owner does not
 * matter.
 */
async function endReplaced(
  before: Credential | undefined,
  { tokenId }: PatCredential,
  { issuer, clock, notice, ...needs }: PastedTokenNeeds,
): Promise<void> {
  if (before?.kind !== "pat" || before.tokenId === undefined || before.tokenId === tokenId) return;
  const { token, tokenId: id } = before;
  if (before.host !== issuer.host) return;
  try {
    const deadline = clock.now() + cleanupLimit;
    await retryUntil(() => issuer.revoke(token, id), deadline, { ...needs, clock });
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    if (error.code === "provider_refused") return;
    const shown = id.slice(0, 8);
    notice(`Could not revoke the previous token (${shown}), which stays valid: ${error.message}`);
  }
}

/** The person's other tokens, without the stored one, to offer their revocation after a sign-in. */
export async function otherTokens(
  { kept }: PastedTokenLogin,
  issuer: TokenIssuer,
): ReturnType<TokenIssuer["list"]> {
  return (await issuer.list(kept.token)).filter(({ id }) => id !== kept.tokenId);
}
