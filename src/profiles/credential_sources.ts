import type { Platform, PlatformVariables, PlatformWorkloads } from "../providers/platform.ts";
import type { Environment } from "../system/environment.ts";

/** The variables that belong to no platform. */
export const sharedVariables: PlatformVariables = { token: ["API_TOKEN"], host: "API_HOST" };

/** The variable that names a profile of any platform. */
export const profileVariable = "FOB_PROFILE";

/** An environment variable that takes part in the choice of a credential. */
export interface VariableSource {
  readonly name: string;
  /**
   * What it does: holds a `token`; makes a `program` sign in; names the `place` for that, which decides nothing
   * alone; or names a `profile`, by its name or its host.
   */
  readonly kind: "token" | "program" | "place" | "profile";
  /** The platform that it counts for alone. */
  readonly platform?: Platform;
}

/**
 * The variables that choose a credential, in the order in which they count. Before them comes the profile or host
 * on the command line; behind them the rules of the profile file, the default profile and the only profile.
 * `chooseCredential` keeps this order, and a test walks all combinations.
 */
export function variableSources(platforms: readonly Platform[]): VariableSource[] {
  return [
    ...sharedVariables.token.map((name): VariableSource => ({ name, kind: "token" })),
    ...platforms.flatMap(answeringVariables),
    { name: profileVariable, kind: "profile" },
    ...platforms.flatMap(profileVariables),
  ];
}

/** Whether a variable is set that may answer in place of a login: it holds a token, or has a program sign in. */
export function mayAnswer(environment: Environment, platforms: readonly Platform[]): boolean {
  return variableSources(platforms).some(({ name, kind }) =>
    kind !== "profile" && environment.get(name) !== undefined
  );
}

/** The variables of a platform that may have a program sign in. */
export function programVariables({ choice, host, clientId }: PlatformWorkloads): string[] {
  return [choice, host, clientId].filter((name) => name !== undefined);
}

/** The variables by which a platform's own tools choose a profile. */
export function toolProfileVariables(variables: PlatformVariables | undefined): string[] {
  if (variables?.profile === undefined) return [];
  return [variables.profile, variables.host].filter((name) => name !== undefined);
}

function answeringVariables(platform: Platform): VariableSource[] {
  const { variables, machines } = platform;
  return [
    ...(variables?.token ?? []).map((name) => ({ name, kind: "token", platform } as const)),
    ...(machines === undefined ? [] : programVariables(machines)).map((name) =>
      ({ name, kind: name === machines?.host ? "place" : "program", platform }) as const
    ),
  ];
}

function profileVariables(platform: Platform): VariableSource[] {
  return toolProfileVariables(platform.variables)
    .map((name) => ({ name, kind: "profile", platform }));
}
