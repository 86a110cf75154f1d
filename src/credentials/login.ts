import { FobError } from "../errors.ts";
import { credentialLockLimit } from "../limits.ts";
import type { SignInPrompts } from "../oauth/grants/sign_in_prompts.ts";
import { present } from "../present.ts";
import { accountOf, assertProfileName, type Profile } from "../profiles/profile.ts";
import type { ProfileFile } from "../profiles/profile_source.ts";
import type { OAuthProvider, SignedIn, SignInMethod } from "../providers/provider.ts";
import type { Secret } from "../secret.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Clock } from "../system/clock.ts";
import type { Locks } from "../system/files/locks.ts";
import type { Credential } from "./credential.ts";
import { writeCredential } from "./envelope.ts";
import { saveProfile } from "./profile_edits.ts";

/** What storing a login needs. */
export interface KeepNeeds {
  readonly store: SecretStore;
  readonly locks: Locks;
  readonly profileFile: ProfileFile;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What {@link login} needs. */
export interface LoginNeeds extends KeepNeeds {
  readonly provider: OAuthProvider;
  readonly prompts: SignInPrompts;
}

/** The result of a sign-in. */
export interface Login {
  readonly profile: Profile;
  readonly identity?: string;
}

/** The longest delay of `setTimeout`, in milliseconds. It treats a longer one as zero. */
const longestTimer = 2 ** 31 - 1;

/**
 * Signs a person in to `profile` and stores the login. Checks first that the store and the profile file are
 * writable. After a failure, the old login is unchanged.
 *
 * @throws {FobError} the errors of the store and the provider; `sign_in_timeout` after `timeout` milliseconds.
 */
export async function login(
  profile: Profile,
  way: SignInMethod,
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
      // A login that is not stored must not stay valid at the server.
      if (!mayBeKept(error)) await needs.provider.revoke(authorization);
      throw error;
    }
  };
  const signedIn = await withTimeout(
    timeout,
    (signal) => needs.provider.signIn(profile, way, needs.prompts, keep, signal),
  );
  const { identity } = signedIn;
  const found = asAnswered(profile, signedIn);
  return { profile: found, ...present({ identity }) };
}

/** Runs `signIn` and aborts its signal with `sign_in_timeout` after `timeout` milliseconds. */
async function withTimeout<T>(
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

/**
 * Whether the credential may be stored despite `error`: the result of a write that timed out is unknown, and an
 * interrupt is raised after the write.
 */
export function mayBeKept(error: unknown): boolean {
  return error instanceof FobError &&
    (error.code === "store_timeout" || error.code === "interrupted");
}

/**
 * The profile with the host and place from the sign-in. If the profile has an issuer, it is replaced with the
 * issuer's own identifier, so that the next sign-in uses that.
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

/** Stores a token that a person pastes. `read` prompts for it, after the check that it can be stored. */
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
 * Signs in with client credentials and stores the login. `read` prompts for the client secret, after the check
 * that it can be stored. The secret is stored only if the server accepts it.
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
 * Writes the profile, then the credential, because no command finds a credential without a profile. If writing
 * the credential fails, the profile is restored.
 */
export async function keepLogin(
  profile: Profile,
  credential: Credential,
  needs: KeepNeeds,
): Promise<void> {
  using _lock = await needs.locks.take(accountOf(profile), credentialLockLimit);
  await needs.uninterrupted(async () => {
    const restore = await saveProfile(profile, needs.profileFile);
    try {
      await writeCredential(accountOf(profile), credential, needs.store);
    } catch (error) {
      // After a timeout the credential may be stored, and then it needs its profile.
      if (!mayBeKept(error)) await restore();
      throw error;
    }
  });
}
