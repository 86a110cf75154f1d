import type { ConnectWish } from "../credentials/connection.ts";
import { FobError } from "../errors.ts";

/** The home that tools keep their files in. Throws `config_invalid` where there is none. */
export function homeOf(
  environment: ConnectWish["environment"],
  system: ConnectWish["system"],
): string {
  const name = system === "windows" ? "USERPROFILE" : "HOME";
  const home = environment.get(name);
  if (home !== undefined) return home;
  throw new FobError("config_invalid", `Cannot find a home directory: ${name} is not set`);
}
