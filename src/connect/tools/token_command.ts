import type { ConnectRequest } from "../tool.ts";

/** The words by which an agent gets a token of the profile, and nothing else, on standard output. */
export function tokenWords(
  { fob, profile }: Pick<ConnectRequest, "fob" | "profile">,
): readonly [string, ...string[]] {
  return [fob, "auth", "token", ...profile === undefined ? [] : [profile], "-o", "text"];
}
