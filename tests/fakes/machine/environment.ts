import type { Environment } from "../../../src/system/environment.ts";

/** An environment that has `variables`, and nothing else. */
export function environmentOf(variables: Readonly<Record<string, string>>): Environment {
  return { get: (name) => variables[name] || undefined };
}
