import type { Environment } from "../../../src/system/environment.ts";

/** An environment with only `variables`. */
export function environmentOf(variables: Readonly<Record<string, string>>): Environment {
  return { get: (name) => variables[name] || undefined };
}
