import { FobError } from "../errors.ts";
import { credentialLockLimit } from "../limits.ts";
import type { SignInPrompts } from "../oauth/grants/sign_in_prompts.ts";
import { present } from "../present.ts";
import { accountOf, assertProfileName, type Profile } from "../profiles/profile.ts";
import type { ProfileFile } from "../profiles/profile_source.ts";
import type { OAuthProvider, SignedIn, SignInWay } from "../providers/provider.ts";
import type { Secret } from "../secret.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Clock } from "../system/clock.ts";
import type { Locks } from "../system/files/locks.ts";
import type { Credential } from "./credential.ts";
import { writeCredential } from "./envelope.ts";
import { saveProfile } from "./profile_edits.ts";

/** What keeping a login needs. */
export interface KeepNeeds {
  readonly store: SecretStore;
  readonly locks: Locks;
  readonly profileFile: ProfileFile;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What a sign-in needs beside that. */
export interface LoginNeeds extends KeepNeeds {
  readonly provider: OAuthProvider;
  readonly prompts: SignInPrompts;
}

/** What came of a login. */
export interface Login {
  readonly profile: Profile;
  readonly identity?: string;
}

/** Milliseconds that `setTimeout` can count; more would be none. */
const longestTimer = 2 ** 31 - 1;

/**
 * Signs a person in to `profile` and keeps what that brings. Whether the store can keep it is found out
 * before the person is asked for anything; where anything fails, the old login stays.
 *
 * @throws {FobError} the store's, the provider's, or `sign_in_timeout` after `timeout` milliseconds.
 */
export async function login(
  profile: Profile,
  way: SignInWay,
  timeout: number,
  needs: LoginNeeds,
): Promise<Login> {
  assertProfileName(profile.name);
  await needs.store.assertWritable(accountOf(profile));
  await needs.profileFile.assertWritable();
  const keep = async (signedIn: SignedIn): Promise<void> => {
    const { place: _place, host: _host, ...authorization } = signedIn;
    try {
      const found = asAnswered(profile, signedIn);
      const credential = { kind: "oauth", ...boundTo(found), ...authorization } as const;
      await keepLogin(found, credential, needs);
    } catch (error) {
      // What nobody keeps shall not live on at the server.
      if (!mayBeKept(error)) await needs.provider.revoke(authorization);
      throw error;
    }
  };
  const signedIn = await withPatience(
    timeout,
    (signal) => needs.provider.signIn(profile, way, needs.prompts, keep, signal),
  );
  const { identity } = signedIn;
  const found = asAnswered(profile, signedIn);
  return { profile: found, ...present({ identity }) };
}

/** A sign-in that is told after `timeout` milliseconds that nobody came. */
async function withPatience<T>(
  timeout: number,
  signIn: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    const seconds = Math.round(timeout / 1000);
    limit.abort(new FobError("sign_in_timeout", `The sign-in timed out after ${seconds} s`));
  }, Math.min(timeout, longestTimer));
  try {
    return await signIn(limit.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** A write that timed out is unknown; one that an interrupt had to wait for is done. */
export function mayBeKept(error: unknown): boolean {
  return error instanceof FobError &&
    (error.code === "store_timeout" || error.code === "interrupted");
}

/**
 * An issuer that was named is kept as it names itself, so that the next login asks for just that; and so is
 * what the sign-in and the platform say of the place that the login is for.
 */
function asAnswered(profile: Profile, { issuer, host, place }: SignedIn): Profile {
  return {
    ...profile,
    ...present({ host }),
    ...place,
    ...(profile.issuer === undefined ? {} : { issuer }),
  };
}

function boundTo({ host }: Profile): { host?: string } {
  return present({ host });
}

/** Keeps a token that a person brings along; `read` asks for it, once it is known that it can be kept. */
export async function loginWithToken(
  profile: Profile,
  read: () => Promise<Secret>,
  needs: KeepNeeds & { readonly clock: Clock },
): Promise<Login> {
  assertProfileName(profile.name);
  await needs.store.assertWritable(accountOf(profile));
  await needs.profileFile.assertWritable();
  const token = await read();
  await keepLogin(profile, {
    kind: "pat",
    ...boundTo(profile),
    token,
    obtainedAt: needs.clock.now(),
  }, needs);
  return { profile };
}

/**
 * Keeps a program's own login: `read` asks for its client's secret, once it is known that it can be kept,
 * and the server has the last word on it.
 */
export async function loginAsClient(
  profile: Profile,
  read: () => Promise<Secret>,
  needs: KeepNeeds & Pick<LoginNeeds, "provider">,
): Promise<Login> {
  assertProfileName(profile.name);
  await needs.store.assertWritable(accountOf(profile));
  await needs.profileFile.assertWritable();
  const clientSecret = await read();
  const signedIn = await needs.provider.signInClient({ ...profile, clientSecret });
  const { place: _place, ...authorization } = signedIn;
  await keepLogin(asAnswered(profile, signedIn), {
    kind: "client",
    ...boundTo(profile),
    ...authorization,
    clientSecret,
  }, needs);
  return { profile, identity: authorization.clientId };
}

/**
 * Writes the profile, then the credential: a credential that no profile names would be a secret that
 * nobody finds again. Where the second fails, the first is taken back.
 */
export async function keepLogin(
  profile: Profile,
  credential: Credential,
  needs: KeepNeeds,
): Promise<void> {
  using _lock = await needs.locks.take(accountOf(profile), credentialLockLimit);
  await needs.uninterrupted(async () => {
    const takeBack = await saveProfile(profile, needs.profileFile);
    try {
      await writeCredential(accountOf(profile), credential, needs.store);
    } catch (error) {
      // After a timeout the credential may be kept, and then needs its profile.
      if (!mayBeKept(error)) await takeBack();
      throw error;
    }
  });
}
