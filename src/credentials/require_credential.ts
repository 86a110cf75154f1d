import { FobError } from "../errors.ts";
import type { Authorization } from "../oauth/token_set.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import type { Platform } from "../providers/platform.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Credential } from "./credential.ts";
import { readCredential } from "./envelope.ts";

/** What reading a credential needs. */
export interface CredentialNeeds {
  readonly store: SecretStore;
  /** The platforms, because the tools of some match their own text in the message. */
  readonly platforms: readonly Platform[];
}

/**
 * Returns the credential of `profile`.
 *
 * @throws {FobError} `not_signed_in`; `sign_in_again` if the credential is for another host, issuer or client;
 * the errors of the store.
 */
export async function requireCredential(
  profile: Profile,
  { store, platforms }: CredentialNeeds,
): Promise<Credential> {
  const credential = await readCredential(accountOf(profile), store);
  const facts = { profile: profile.name };
  if (credential === undefined) {
    const words = platforms.find(({ id }) => id === profile.provider)?.answers?.noLogin;
    const message = `Not signed in to "${profile.name}"${words === undefined ? "" : `: ${words}`}`;
    throw new FobError("not_signed_in", message, { facts });
  }
  assertSameTarget(profile, credential);
  return credential;
}

/** A credential is only for the host, issuer and client that it was obtained for. */
function assertSameTarget(profile: Profile, credential: Credential): void {
  const isSame = isSameAddress(profile.host, credential.host) &&
    (credential.kind === "pat" || isSameServer(profile, credential));
  if (isSame) return;
  const target = credential.host ?? (credential.kind === "pat" ? "no host" : credential.issuer);
  throw new FobError(
    "sign_in_again",
    `Profile "${profile.name}" has changed since the sign-in to "${target}"`,
    { facts: { profile: profile.name } },
  );
}

function isSameServer(profile: Profile, { issuer, clientId }: Authorization): boolean {
  return isSameAddress(profile.issuer ?? issuer, issuer) &&
    (profile.clientId ?? clientId) === clientId;
}

/** Ignores a slash at the end and the case of the host, which a person may write either way. */
function isSameAddress(one: string | undefined, other: string | undefined): boolean {
  return one === other || spelling(one) === spelling(other);
}

function spelling(address: string | undefined): string | undefined {
  return address === undefined ? undefined : URL.parse(address)?.href.replace(/\/$/, "") ?? address;
}
