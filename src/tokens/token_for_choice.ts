import type { Storage } from "../credentials/storage.ts";
import { present } from "../present.ts";
import { type Choice, type ChoiceNeeds, chooseCredential } from "../profiles/choose.ts";
import type { Profile } from "../profiles/profile.ts";
import type { WorkloadChoice } from "../profiles/workload_identity.ts";
import type { OAuthProvider } from "../providers/provider.ts";
import { accessToken, type AccessTokenNeeds } from "./access_token.ts";
import type { ConfigFileTokenNeeds } from "./config_file_token.ts";
import { tokenInVariable } from "./static_token.ts";
import type { AccessToken, FoundToken, TokenRequest } from "./token.ts";

/** What {@link tokenForProfile} needs. */
export interface ProfileTokenNeeds
  extends
    ConfigFileTokenNeeds,
    Pick<AccessTokenNeeds, "startedAt" | "uninterrupted" | "platforms"> {
  readonly storage: (profile: Profile) => Promise<Pick<Storage, "store" | "chosen" | "locks">>;
  readonly provider: (
    id: string,
  ) => Promise<Pick<OAuthProvider, "signInWorkload" | "refresh" | "authenticate">>;
  /** Reports what was decided and why. */
  readonly trace: (text: string) => void;
}

/** What choosing a credential and getting its token need. */
export type FindTokenNeeds = ChoiceNeeds & ProfileTokenNeeds;

/**
 * Returns the token of the credential that `named`, or else the usual order, chooses.
 *
 * @throws {FobError} as {@link chooseCredential} and {@link tokenForChoice}.
 */
export async function findToken(
  named: string | undefined,
  request: TokenRequest,
  needs: FindTokenNeeds,
): Promise<FoundToken> {
  return await tokenForChoice(await chooseTraced(named, needs), request, needs);
}

/** Chooses as {@link chooseCredential}, and reports the source of the choice. */
export async function chooseTraced(
  named: string | undefined,
  needs: ChoiceNeeds & Pick<ProfileTokenNeeds, "trace">,
  origins?: readonly string[],
): Promise<Choice> {
  const choice = await chooseCredential(named, needs, origins);
  needs.trace(`the credential is chosen by ${choice.source}`);
  return choice;
}

/**
 * Returns the token of a credential that has been chosen.
 *
 * @throws {FobError} `sign_in_again` for a variable with an expired token; as {@link tokenForProfile}; the
 * errors of a workload identity.
 */
export async function tokenForChoice(
  choice: Choice,
  request: TokenRequest,
  needs: ProfileTokenNeeds,
): Promise<FoundToken> {
  switch (choice.kind) {
    case "environment":
      return tokenOfVariable(choice, request, needs);
    case "workload":
      return await tokenOfWorkload(choice, request, needs);
    case "profile":
      return await tokenForProfile(choice.profile, request, needs);
  }
}

/**
 * Returns the token of the login that is kept for `profile`, refreshed if required; or the token that the
 * secret in its file gives.
 *
 * @throws {FobError} as {@link accessToken}; the errors of a token from the config file.
 */
export async function tokenForProfile(
  profile: Profile,
  request: TokenRequest,
  needs: ProfileTokenNeeds,
): Promise<FoundToken & { readonly provider: string; readonly profile: string }> {
  const { name, provider, host } = profile;
  return {
    ...await tokenOf(profile, request, needs),
    provider,
    profile: name,
    ...present({ host }),
  };
}

async function tokenOf(
  profile: Profile,
  request: TokenRequest,
  needs: ProfileTokenNeeds,
): Promise<AccessToken> {
  const { configFile } = profile;
  if (configFile !== undefined) {
    needs.trace(`profile "${profile.name}", secret in "${configFile.path}"`);
    const { configFileToken } = await import("./config_file_token.ts");
    return await configFileToken({ ...profile, configFile }, request, needs);
  }
  const { store, chosen, locks } = await needs.storage(profile);
  needs.trace(`profile "${profile.name}", storage mode ${chosen.mode} (${chosen.source})`);
  const { clock, startedAt, notice, uninterrupted, provider, platforms } = needs;
  return await accessToken(profile, request, {
    store,
    locks,
    clock,
    startedAt,
    notice,
    uninterrupted,
    platforms,
    refresh: async (authorization, exchange) =>
      await (await provider(profile.provider)).refresh(authorization, exchange),
    authenticate: async (authorization) =>
      await (await provider(profile.provider)).authenticate(authorization),
  });
}

function tokenOfVariable(
  choice: Choice & { kind: "environment" },
  request: TokenRequest,
  needs: Pick<ProfileTokenNeeds, "clock" | "notice">,
): FoundToken {
  const { source, host, provider } = choice;
  const held = tokenInVariable(choice, needs.clock.now());
  noticeFixed(source, held.expiresAt, request, needs);
  return {
    ...held,
    ...present({ host, provider }),
  };
}

/** Reports that the token of a variable cannot be refreshed, if the request asks for a fresher one. */
function noticeFixed(
  source: string,
  expiresAt: number | undefined,
  { force, minTtl }: TokenRequest,
  { clock, notice }: Pick<ProfileTokenNeeds, "clock" | "notice">,
): void {
  const fixed = `The token in ${source} cannot be refreshed`;
  const isLong = expiresAt !== undefined && expiresAt - clock.now() >= (minTtl ?? 0);
  if (expiresAt === undefined && (force || minTtl !== undefined)) {
    notice(`${fixed}, and its lifetime is unknown`);
  } else if (force || (minTtl !== undefined && !isLong)) notice(fixed);
}

async function tokenOfWorkload(
  choice: WorkloadChoice,
  { minTtl }: TokenRequest,
  needs: ProfileTokenNeeds,
): Promise<FoundToken> {
  const { workloadToken } = await import("./workload_token.ts");
  const { provider, target: { host } } = choice;
  return { ...await workloadToken(choice, minTtl, needs), provider, host };
}
