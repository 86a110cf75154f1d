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

/** Whose token it has to be, and who says so. */
export interface Owner {
  readonly name: string;
  readonly source: string;
}

/** What a person wants of the login. */
export interface PastedTokenOptions {
  /** Milliseconds that fob's own token shall live. */
  readonly lifetime: number;
  readonly owner?: Owner;
  /** Whether another identity may take the place of the one that is kept. */
  readonly replace: boolean;
}

/** What came of it. */
export interface PastedTokenLogin extends Login {
  readonly identity: string;
  readonly kept: PatCredential;
}

export interface PastedTokenNeeds extends KeepNeeds, MintNeeds {
  /** Locks that nothing else takes meanwhile: two logins at once would not know of each other's token. */
  readonly turns: Locks;
}

/**
 * Signs in with a token that a person brings along, where the platform makes tokens by an API: `read` asks
 * for it, once it is known that something can be kept. The server says whose it is, and a token of fob's
 * own takes its place, with an end and a known id; only where the server refuses to make one is the
 * person's own kept, and told of.
 *
 * @throws {FobError} `identity_mismatch` where it is another's than it has to be, `provider_refused` where
 * the server does not take it, the store's; nothing is kept then, and nothing left at the server.
 */
export async function replacePastedToken(
  profile: Profile,
  wish: PastedTokenOptions,
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
  assertOwner(identity, wish.owner);
  if (!wish.replace) assertSameIdentity(identity, profile, before);
  const keep = before?.kind === "pat" && before.tokenId !== undefined
    ? { keep: before.tokenId }
    : {};
  const { name } = profile;
  await sweepBefore({ issuer, by: pasted, owner: identity, profile: name, ...keep }, needs);
  const kept = await needs.uninterrupted(() =>
    replacePasted(profile, pasted, identity, wish, needs)
  );
  await endReplaced(before, kept, needs);
  return { profile, identity, kept };
}

/** What is kept but cannot be read pins nobody: a login is what mends it. */
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

/** Platforms call people by their mail addresses, of which the case does not matter. */
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

/** Fob's own token; `undefined` where the server makes none, whatever is tried. */
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

/** Life and comment are all that is asked for, and a workspace may have a longest life. */
function tooLong(cause: FobError): FobError {
  const message = `${cause.message}: the host creates no token with this lifetime`;
  return new FobError("provider_refused", message, {
    cause,
    facts: { ...cause.facts, option: "--lifetime" },
  });
}

/** What nobody keeps shall not live on at the server; what may be kept, the next login knows. */
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

/** Ends the token that fob made for an earlier login: by itself, so that it does not matter whose it is. */
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

/** What a person may want to end after a login: everything of theirs but what is kept now. */
export async function otherTokens(
  { kept }: PastedTokenLogin,
  issuer: TokenIssuer,
): ReturnType<TokenIssuer["list"]> {
  return (await issuer.list(kept.token)).filter(({ id }) => id !== kept.tokenId);
}
