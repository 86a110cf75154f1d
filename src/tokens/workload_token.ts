import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { WorkloadChoice } from "../profiles/workload_identity.ts";
import type { OAuthProvider } from "../providers/provider.ts";
import type { IdentitySource } from "../providers/workload_identity.ts";
import type { Secret } from "../secret.ts";
import type { Clock } from "../system/clock.ts";
import { shortLife } from "./access_token.ts";
import type { AccessToken } from "./token.ts";

/** What a program's sign-in needs: no store, no lock and no file. */
export interface WorkloadNeeds {
  readonly provider: (id: string) => Promise<Pick<OAuthProvider, "signInWorkload">>;
  /** What the issuer of this machine's identity says of it, for `audience`. */
  readonly identity: (source: IdentitySource, audience: string) => Promise<Secret>;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
}

/**
 * A token for a program, asked for anew: a forced one could not be newer.
 *
 * @throws {FobError} what the issuer of its identity and the provider throw; of a refusal, `facts.source`
 * says which variable asked for the sign-in.
 */
export async function workloadToken(
  { provider: id, target, identity, audience, source }: WorkloadChoice,
  minTtl: number | undefined,
  needs: WorkloadNeeds,
): Promise<AccessToken> {
  const provider = await needs.provider(id);
  const vouch = identity &&
    ((wanted: string): Promise<Secret> => needs.identity(identity, audience ?? wanted));
  const tokens = await provider.signInWorkload(target, vouch).catch((error: unknown) => {
    if (!(error instanceof FobError) || error.code !== "provider_refused") throw error;
    const facts = { source, ...error.facts };
    throw new FobError(error.code, error.message, { cause: error, facts });
  });
  const { accessToken: token, tokenType, expiresAt } = tokens;
  const left = (expiresAt ?? Infinity) - needs.clock.now();
  if (left < (minTtl ?? 0)) needs.notice(shortLife(left, minTtl ?? 0));
  return { token, tokenType, ...present({ expiresAt }) };
}
