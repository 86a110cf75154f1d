import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { Choice } from "../profiles/choose.ts";
import { accountOf, type ConfigFilePlace, type Profile } from "../profiles/profile.ts";
import type { Clock } from "../system/clock.ts";
import { type CredentialNeeds, requireCredential } from "./require_credential.ts";
import { isPlaintext, type Storage } from "./storage.ts";

/** The state of a login, as far as it is known without a request. */
export type LoginState =
  /** The token is valid, or fob can refresh it. */
  | "signed-in"
  /** The token has expired and cannot be refreshed. */
  | "expired"
  | "not-signed-in"
  /** The store could not be read. */
  | "unknown";

/** One credential in `fob auth status` and `fob auth profiles`. Holds no secret. */
export interface Status {
  readonly state: LoginState;
  /** The profile's name; absent for a token from the environment. */
  readonly profile?: string;
  readonly provider?: string;
  readonly host?: string;
  readonly issuer?: string;
  readonly identity?: string;
  /** The setting that selected the credential. */
  readonly source?: string;
  /** Where the credential is stored; absent for a workload identity, which stores nothing. */
  readonly store?: string;
  /** Whether that is plaintext. */
  readonly inPlaintext?: boolean;
  /** Why it is in plaintext if the user did not ask for that: a sentence. */
  readonly plaintextReason?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Whether fob can get a new token without a sign-in. */
  readonly refreshable?: boolean;
  /** Whether each run requests a new token, and stores none. */
  readonly anew?: boolean;
  /** Why the state is unknown, or why the user must sign in again. */
  readonly problem?: FobError;
}

/** What {@link statusOfProfile} needs. */
export interface StatusNeeds extends Pick<CredentialNeeds, "platforms"> {
  readonly storage: Storage;
  readonly clock: Clock;
}

/** What {@link statusOf} needs. The storage is opened only for a profile. */
export interface ChoiceStatusNeeds extends Pick<CredentialNeeds, "platforms"> {
  readonly storage: () => Promise<Storage>;
  readonly clock: Clock;
}

/** The status of the chosen credential. */
export async function statusOf(choice: Choice, needs: ChoiceStatusNeeds): Promise<Status> {
  const { source } = choice;
  const { storage } = needs;
  if (choice.kind === "profile") {
    const status = await statusOfProfile(choice.profile, { ...needs, storage: await storage() });
    return { ...status, source };
  }
  if (choice.kind === "workload") {
    const { provider, target: { host, clientId: identity } } = choice;
    const named = present({ identity });
    return { state: "signed-in", source, provider, host, ...named, refreshable: true, anew: true };
  }
  const { host, provider, expiresAt } = choice;
  return {
    state: "signed-in",
    ...(expiresAt === undefined ? {} : lifeOf(expiresAt, needs)),
    source,
    store: "the environment",
    ...present({ provider, host }),
  };
}

/** The status of `profile`. A store's failure is part of the status, so that other profiles can be listed. */
export async function statusOfProfile(profile: Profile, needs: StatusNeeds): Promise<Status> {
  const { name, provider, host, issuer, configFile } = profile;
  const named = {
    profile: name,
    provider,
    ...present({ host, issuer }),
  };
  if (configFile !== undefined) return { ...named, ...statusOfConfigFile(configFile) };
  try {
    return { ...named, ...await loginOf(profile, needs) };
  } catch (problem) {
    if (!(problem instanceof FobError)) throw problem;
    return { ...named, state: stateAfter(problem), problem };
  }
}

/** The status of a secret in the config file. Only the platform knows whether the secret is valid. */
function statusOfConfigFile({ path, clientId }: ConfigFilePlace): Status {
  return {
    state: "signed-in",
    store: path,
    inPlaintext: true,
    plaintextReason: "Other tools read it from this file",
    ...(clientId === undefined
      ? { refreshable: false }
      : { identity: clientId, refreshable: true, anew: true }),
  };
}

async function loginOf(profile: Profile, needs: StatusNeeds): Promise<Status> {
  const credential = await requireCredential(profile, { ...needs, store: needs.storage.store });
  const place = await placeOf(accountOf(profile), needs.storage);
  if (credential.kind === "pat") {
    const { expiresAt, identity } = credential;
    const known = { ...place, ...present({ identity }) };
    if (expiresAt === undefined) return { state: "signed-in", ...known };
    return { ...known, ...lifeOf(expiresAt, needs) };
  }
  const { tokens: { expiresAt, refreshToken }, identity, issuer } = credential;
  const refreshable = credential.kind === "client" || refreshToken !== undefined;
  const isOver = expiresAt !== undefined && expiresAt <= needs.clock.now() &&
    !refreshable;
  const known = {
    ...place,
    issuer,
    refreshable,
    ...present({ expiresAt, identity }),
  };
  return { state: isOver ? "expired" : "signed-in", ...known };
}

/** The state and expiry of a token that cannot be refreshed. */
function lifeOf(
  expiresAt: number,
  { clock }: Pick<StatusNeeds, "clock">,
): Pick<Status, "state" | "expiresAt" | "refreshable"> {
  const state = expiresAt <= clock.now() ? "expired" : "signed-in";
  return { state, expiresAt, refreshable: false };
}

async function placeOf(
  account: string,
  { store, keychain, holderOf }: Storage,
): Promise<Pick<Status, "store" | "inPlaintext" | "plaintextReason">> {
  const holder = await holderOf(account) ?? store;
  if (!isPlaintext(holder)) return { store: holder.location };
  const place = { store: holder.location, inPlaintext: true };
  if (keychain === undefined) return place;
  const availability = await keychain.probe();
  const plaintextReason = availability.state === "ready"
    ? "The next command moves it to the keychain"
    : availability.detail;
  return { ...place, plaintextReason };
}

function stateAfter({ code }: FobError): LoginState {
  if (code === "not_signed_in") return "not-signed-in";
  return code === "sign_in_again" ? "expired" : "unknown";
}
