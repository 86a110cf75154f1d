import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { Platform } from "../providers/platform.ts";
import type { Environment } from "../system/environment.ts";
import { type EnvironmentToken, fromEnvironment } from "./environment_token.ts";
import { isSameHost, type Profile, type UnspecifiedSignIn } from "./profile.ts";
import { chooseWorkload, type WorkloadChoice } from "./workload_identity.ts";

/**
 * How a profile signs in that leaves that open, where the environment says the rest: by a token, or as a program. What
 * the file says goes first (databricks-sdk-go, config/loader.go). `undefined` where something is still missing, which
 * a login may have, or where the variables name another host: what they hold is not for this one.
 *
 * A job's identity counts only for a profile that says it is a program's. For any other, Databricks' SDKs would ask
 * for a person's login first (config/auth_default.go).
 */
export function fillProfile(
  profile: Profile & { readonly open: UnspecifiedSignIn },
  platform: Platform,
  environment: Environment,
): EnvironmentToken | WorkloadChoice | undefined {
  const { name, host, scopes, open: { says, path, isProgram } } = profile;
  const { variables, machines } = platform;
  const named = variables?.host === undefined ? undefined : environment.get(variables.host);
  if (host === undefined || (named !== undefined && !isSameHost(named, host))) return undefined;
  const filled = { get: (name: string) => says[name]?.value ?? environment.get(name) };
  const way = machines?.choice === undefined ? undefined : filled.get(machines.choice)?.trim();
  const isToken = way === undefined || way === machines?.tokenWay;
  if (isToken && variables?.token.some((name) => environment.get(name) !== undefined)) {
    return { ...fromEnvironment(variables, environment), provider: platform.id, host };
  }
  const machine = completeWorkload(platform, filled, host);
  if (machine === undefined || (machine.identity !== undefined && !isProgram)) return undefined;
  const { source, target } = machine;
  const key = says[source]?.key;
  return {
    ...machine,
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
