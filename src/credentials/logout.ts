import { FobError } from "../errors.ts";
import { credentialLockLimit } from "../limits.ts";
import type { Revocation } from "../oauth/revocation.ts";
import type { Authorization } from "../oauth/token_set.ts";
import { present } from "../present.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Locks } from "../system/files/locks.ts";
import type { Credential, PatCredential } from "./credential.ts";
import { readCredential } from "./envelope.ts";
import type { Storage } from "./storage.ts";

/** What {@link logout} needs. */
export interface LogoutNeeds {
  readonly store: SecretStore;
  /** The store that is not in use, where an interrupted move may have left a copy. */
  readonly unused?: Storage["unused"];
  readonly locks: Locks;
  readonly notice: (text: string) => void;
  /** Revokes the grant at the server. Never throws. */
  readonly revoke: (authorization: Authorization) => Promise<Revocation>;
  /** Revokes a token that fob created by the platform's API. Never throws. */
  readonly revokeToken?: (credential: PatCredential) => Promise<Revocation | undefined>;
}

/** The result of a sign-out. */
export interface Logout {
  readonly profile: Profile;
  /** Whether a stored credential was deleted. */
  readonly removed: boolean;
  /** The result of the revocation; absent for a pasted token, which fob does not revoke. */
  readonly revocation?: Revocation;
}

/**
 * Revokes the login of `profile` at its server, if the server supports it, and deletes it here in any case,
 * also if the server cannot be reached.
 */
export async function logout(profile: Profile, needs: LogoutNeeds): Promise<Logout> {
  const account = accountOf(profile);
  using _lock = await needs.locks.take(account, credentialLockLimit);
  const credential = await readOrUndecodable(account, needs.store);
  const revocation = await revocationOf(credential, needs);
  await removeCopy(profile, needs);
  const removed = await remove(profile, revocation, needs.store);
  return { profile, removed, ...present({ revocation }) };
}

/**
 * Deletes the copy in the store that is not in use. A different login there stays. If that store cannot be
 * read, as in a session without the keychain, the sign-out continues with a notice.
 */
async function removeCopy(
  profile: Profile,
  { store, unused, notice }: LogoutNeeds,
): Promise<void> {
  const account = accountOf(profile);
  try {
    const other = await unused?.(account);
    const copy = await other?.get(account);
    if (copy === undefined || !(await store.get(account))?.equals(copy)) return;
    await other?.delete(account);
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    notice(`A copy of the login of "${profile.name}" may remain: ${error.message}`);
  }
}

/** @throws {FobError} the errors of the store; the message says if the server has revoked the login. */
async function remove(
  profile: Profile,
  revocation: Revocation | undefined,
  store: SecretStore,
): Promise<boolean> {
  try {
    return await store.delete(accountOf(profile));
  } catch (error) {
    if (!(error instanceof FobError) || revocation?.outcome !== "revoked") throw error;
    const what =
      `The server revoked the login of "${profile.name}", but fob could not delete it: ${error.message}`;
    throw new FobError(error.code, what, { cause: error, facts: error.facts });
  }
}

async function revocationOf(
  credential: Credential | FobError | undefined,
  needs: LogoutNeeds,
): Promise<Revocation | undefined> {
  if (credential === undefined) return undefined;
  if (credential instanceof FobError) return { outcome: "failed", reason: credential.message };
  if (credential.kind === "pat" && credential.tokenId !== undefined) {
    return await needs.revokeToken?.(credential);
  }
  if (credential.kind !== "oauth") return undefined;
  return await needs.revoke(credential);
}

/** Returns the error for an entry that this fob cannot decode, because the entry can still be deleted. */
async function readOrUndecodable(
  account: string,
  store: SecretStore,
): Promise<Credential | FobError | undefined> {
  try {
    return await readCredential(account, store);
  } catch (error) {
    if (error instanceof FobError && error.facts["account"] !== undefined) return error;
    throw error;
  }
}
