import { FobError } from "../errors.ts";

/**
 * The home directory that other tools keep their files in: `HOME`, on Windows `USERPROFILE`.
 *
 * @throws {FobError} `config_invalid` where the variable is not set.
 */
export function homeOf(
  environment: { get(name: string): string | undefined },
  system: typeof Deno.build.os = Deno.build.os,
): string {
  const name = system === "windows" ? "USERPROFILE" : "HOME";
  const home = environment.get(name);
  if (home !== undefined) return home;
  throw new FobError("config_invalid", `Cannot find a home directory: ${name} is not set`);
}
