import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { ConfigFilePlace, Profile } from "../profiles/profile.ts";
import type { Profiles } from "../profiles/profile_file.ts";
import type { AccessToken, TokenRequest } from "./token.ts";
import { type WorkloadNeeds, workloadToken } from "./workload_token.ts";

/** What {@link configFileToken} needs. */
export interface ConfigFileTokenNeeds extends WorkloadNeeds {
  readonly profiles: () => Promise<Profiles>;
}

/**
 * Returns the token of a profile with a secret in its file: that token, or a new one for the client with that
 * client secret. Nothing is stored.
 *
 * @throws {FobError} as {@link workloadToken}; `not_signed_in` if the secret is no longer in the file.
 */
export async function configFileToken(
  profile: Profile & { readonly configFile: ConfigFilePlace },
  { force, minTtl }: TokenRequest,
  needs: ConfigFileTokenNeeds,
): Promise<AccessToken> {
  const { name, provider, configFile: { path, clientId } } = profile;
  const secret = (await needs.profiles()).secretOf(profile);
  if (secret === undefined) {
    throw new FobError("not_signed_in", `The secret of "${name}" is no longer in "${path}"`, {
      facts: { profile: name },
    });
  }
  if (clientId === undefined) {
    if (force) needs.notice(`The token of "${name}" comes from "${path}" and cannot be refreshed`);
    return { token: secret, tokenType: "Bearer" };
  }
  const { host = "", accountId, scopes } = profile;
  const target = {
    host,
    clientId,
    clientSecret: secret,
    ...present({ accountId, scopes }),
  };
  const source = `client_id of "${name}" in "${path}"`;
  return await workloadToken({ kind: "workload", source, provider, target }, minTtl, needs);
}
