import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { WorkloadChoice } from "../profiles/workload_identity.ts";
import type { OAuthProvider } from "../providers/provider.ts";
import type { IdentitySource } from "../providers/workload_identity.ts";
import type { Secret } from "../secret.ts";
import type { Clock } from "../system/clock.ts";
import { shortLife } from "./access_token.ts";
import type { AccessToken } from "./token.ts";

/** What {@link workloadToken} needs. It uses no store, lock or file. */
export interface WorkloadNeeds {
  readonly provider: (id: string) => Promise<Pick<OAuthProvider, "signInWorkload">>;
  /** Returns the identity token of this workload, for `audience`. */
  readonly identity: (source: IdentitySource, audience: string) => Promise<Secret>;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
}

/**
 * Requests a new token for a workload identity.
 *
 * @throws {FobError} the errors of the identity token's issuer and of the provider. `facts.source` of a refusal
 * names the variable that selected this sign-in.
 */
export async function workloadToken(
  { provider: id, target, identity, audience, source }: WorkloadChoice,
  minTtl: number | undefined,
  needs: WorkloadNeeds,
): Promise<AccessToken> {
  const provider = await needs.provider(id);
  const identityToken = identity &&
    ((wanted: string): Promise<Secret> => needs.identity(identity, audience ?? wanted));
  const tokens = await provider.signInWorkload(target, identityToken).catch((error: unknown) => {
    if (!(error instanceof FobError) || error.code !== "provider_refused") throw error;
    const facts = { source, ...error.facts };
    throw new FobError(error.code, error.message, { cause: error, facts });
  });
  const { accessToken: token, tokenType, expiresAt } = tokens;
  const left = (expiresAt ?? Infinity) - needs.clock.now();
  if (left < (minTtl ?? 0)) needs.notice(shortLife(left, minTtl ?? 0));
  return { token, tokenType, ...present({ expiresAt }) };
}
