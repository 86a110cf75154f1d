import type { ConnectRequest } from "../tool.ts";

/** The command line that prints only a token of the profile. */
export function tokenWords(
  { fob, profile }: Pick<ConnectRequest, "fob" | "profile">,
): readonly [string, ...string[]] {
  return [fob, "auth", "token", ...profile === undefined ? [] : [profile], "-o", "text"];
}
