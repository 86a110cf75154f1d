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

/** What a logout needs. */
export interface LogoutNeeds {
  readonly store: SecretStore;
  /** Where a move that was cut off may have left the same once more. */
  readonly unused?: Storage["unused"];
  readonly locks: Locks;
  readonly notice: (text: string) => void;
  /** Ends the grant at the server. Never throws. */
  readonly revoke: (authorization: Authorization) => Promise<Revocation>;
  /** Ends a token that fob made by the platform's API. Never throws. */
  readonly revokeToken?: (credential: PatCredential) => Promise<Revocation | undefined>;
}

/** What became of a login. */
export interface Logout {
  readonly profile: Profile;
  /** Whether anything was kept here, and is no longer. */
  readonly removed: boolean;
  /** What became of it at the server; absent for what a person pasted, which fob did not get from one. */
  readonly revocation?: Revocation;
}

/**
 * Revokes the login of `profile` at its server, as far as the server lets, and then deletes it here in
 * any case: a server that cannot be reached is no reason to keep a secret that a person wants gone.
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
 * Another login in the store that is not in use is that store's own, and stays. That nobody can look there,
 * as in a session without the keychain, is no reason to keep the login that is in use.
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

/** @throws {FobError} the store's, which also says what became of the login at the server. */
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

/** An entry that this fob cannot decode can still be removed; one in a damaged file cannot even be looked for. */
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
