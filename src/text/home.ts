import { FobError } from "../errors.ts";

interface Environment {
  get(name: string): string | undefined;
}

type System = typeof Deno.build.os;

/** The home directory: `HOME`, on Windows `USERPROFILE`. `undefined` if the variable is not set. */
export function findHome(
  environment: Environment,
  system: System = Deno.build.os,
): string | undefined {
  return environment.get(homeVariable(system));
}

/**
 * Like {@link findHome}, but requires the variable.
 *
 * @throws {FobError} `config_invalid` if the variable is not set.
 */
export function homeOf(environment: Environment, system: System = Deno.build.os): string {
  const home = findHome(environment, system);
  if (home !== undefined) return home;
  throw new FobError(
    "config_invalid",
    `Cannot find a home directory: ${homeVariable(system)} is not set`,
  );
}

/**
 * Replaces `~` at the start of `path` by the home directory, as a shell does: a value from a settings file has not
 * passed through a shell. Returns any other path unchanged.
 *
 * @throws {FobError} `config_invalid` if it needs a home directory and there is none.
 */
export function resolvePath(
  path: string,
  environment: Environment,
  system: System = Deno.build.os,
): string {
  const isInHome = (system === "windows" ? /^~(?=[\\/]|$)/ : /^~(?=\/|$)/).test(path);
  return isInHome ? homeOf(environment, system) + path.slice(1) : path;
}

/** Returns the path in the first of `variables` that is set, otherwise `usual`. Throws like {@link resolvePath}. */
export function pathIn(
  variables: readonly [string, ...string[]],
  usual: string,
  environment: Environment,
  system: System = Deno.build.os,
): string {
  const name = variables.find((it) => environment.get(it) !== undefined);
  const path = name === undefined ? usual : environment.get(name) ?? usual;
  return resolvePath(path, environment, system);
}

/** The variable with the home directory. */
export function homeVariable(system: System): string {
  return system === "windows" ? "USERPROFILE" : "HOME";
}
