import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { Platform } from "../providers/platform.ts";
import type { Environment } from "../system/environment.ts";
import { type EnvironmentToken, fromEnvironment } from "./environment_token.ts";
import { isSameHost, type Profile, type UnspecifiedSignIn } from "./profile.ts";
import { chooseWorkload, type WorkloadChoice } from "./workload_identity.ts";

/**
 * Completes a profile that does not say how it signs in from environment variables: with a token or a workload
 * sign-in. Keys of the config file take precedence (databricks-sdk-go, config/loader.go). Returns `undefined` if
 * something is still missing, which a stored login may provide, or if the variables are for another host.
 *
 * A CI job's identity counts only if the profile specifies a workload sign-in. For other profiles, Databricks' SDKs
 * try a user's login first (config/auth_default.go).
 */
export function completeProfile(
  profile: Profile & { readonly unspecified: UnspecifiedSignIn },
  platform: Platform,
  environment: Environment,
): EnvironmentToken | WorkloadChoice | undefined {
  const { name, host, scopes, unspecified: { keys, path, isWorkload } } = profile;
  const { variables, workloads } = platform;
  const named = variables?.host === undefined ? undefined : environment.get(variables.host);
  if (host === undefined || (named !== undefined && !isSameHost(named, host))) return undefined;
  const settings = { get: (name: string) => keys[name]?.value ?? environment.get(name) };
  const method = workloads?.choice === undefined
    ? undefined
    : settings.get(workloads.choice)?.trim();
  const isToken = method === undefined || method === workloads?.tokenMethod;
  if (isToken && variables?.token.some((name) => environment.get(name) !== undefined)) {
    return { ...fromEnvironment(variables, environment), provider: platform.id, host };
  }
  const workload = completeWorkload(platform, settings, host);
  if (workload === undefined || (workload.identity !== undefined && !isWorkload)) return undefined;
  const { source, target } = workload;
  const key = keys[source]?.key;
  return {
    ...workload,
    source: key === undefined ? source : `${key} of "${name}" in "${path}"`,
    target: { ...target, ...present({ scopes }) },
  };
}

function completeWorkload(
  platform: Platform,
  environment: Environment,
  host: string,
): WorkloadChoice | undefined {
  try {
    return chooseWorkload(platform, environment, { isLogin: true, host });
  } catch (error) {
    if (error instanceof FobError && error.code === "usage") return undefined;
    throw error;
  }
}
