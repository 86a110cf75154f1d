import type { Platform, PlatformVariables, PlatformWorkloads } from "../providers/platform.ts";
import type { Environment } from "../system/environment.ts";

/** The variables that are independent of a platform. */
export const sharedVariables: PlatformVariables = { token: ["API_TOKEN"], host: "API_HOST" };

/** The variable that selects a profile of any platform. */
export const profileVariable = "FOB_PROFILE";

/** An environment variable that can select a credential. */
export interface VariableSource {
  readonly name: string;
  /**
   * - `token`: contains a token
   * - `workload`: selects a workload sign-in
   * - `place`: the host of a workload sign-in; selects nothing alone
   * - `profile`: selects a profile by name or host
   */
  readonly kind: "token" | "workload" | "place" | "profile";
  /** The only platform that the variable applies to. Absent if it applies to all. */
  readonly platform?: Platform;
}

/**
 * The variables that select a credential, in order of precedence. The command line comes before them; rules, the
 * default profile and the only profile come after them. `chooseCredential` uses this order, and a test checks all
 * combinations.
 */
export function variableSources(platforms: readonly Platform[]): VariableSource[] {
  return [
    ...sharedVariables.token.map((name): VariableSource => ({ name, kind: "token" })),
    ...platforms.flatMap(answeringVariables),
    { name: profileVariable, kind: "profile" },
    ...platforms.flatMap(profileVariables),
  ];
}

/** Whether a variable is set that can replace a login: a token, or part of a workload sign-in. */
export function mayAnswer(environment: Environment, platforms: readonly Platform[]): boolean {
  return variableSources(platforms).some(({ name, kind }) =>
    kind !== "profile" && environment.get(name) !== undefined
  );
}

/** The variables of a platform that can select a workload sign-in. */
export function workloadVariables({ choice, host, clientId }: PlatformWorkloads): string[] {
  return [choice, host, clientId].filter((name) => name !== undefined);
}

/** The variables that select a profile in a platform's tools. */
export function toolProfileVariables(variables: PlatformVariables | undefined): string[] {
  if (variables?.profile === undefined) return [];
  return [variables.profile, variables.host].filter((name) => name !== undefined);
}

function answeringVariables(platform: Platform): VariableSource[] {
  const { variables, workloads } = platform;
  return [
    ...(variables?.token ?? []).map((name) => ({ name, kind: "token", platform } as const)),
    ...(workloads === undefined ? [] : workloadVariables(workloads)).map((name) =>
      ({ name, kind: name === workloads?.host ? "place" : "workload", platform }) as const
    ),
  ];
}

function profileVariables(platform: Platform): VariableSource[] {
  return toolProfileVariables(platform.variables)
    .map((name) => ({ name, kind: "profile", platform }));
}
