import type { ConnectWish } from "../tool.ts";

/** The words by which an agent gets a token of the profile, and nothing else, on standard output. */
export function tokenWords(
  { fob, profile }: Pick<ConnectWish, "fob" | "profile">,
): readonly [string, ...string[]] {
  return [fob, "auth", "token", ...profile === undefined ? [] : [profile], "-o", "text"];
}
