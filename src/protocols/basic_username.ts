import type { Target } from "./target.ts";

/**
 * Who one is where a token is sent as a password (RFC 7617), by the end of the host's name, as the platforms
 * document it: GitHub for its apps, GitLab for OAuth, Bitbucket, Google and Amazon for access tokens, Azure for
 * the tokens of its registries. Most take any name for a token that a person made.
 */
const usernames: readonly (readonly [host: string, username: string])[] = [
  ["github.com", "x-access-token"],
  ["ghcr.io", "x-access-token"],
  ["ghe.com", "x-access-token"],
  ["gitlab.com", "oauth2"],
  ["bitbucket.org", "x-token-auth"],
  ["gcr.io", "oauth2accesstoken"],
  ["pkg.dev", "oauth2accesstoken"],
  ["googlesource.com", "oauth2accesstoken"],
  ["amazonaws.com", "AWS"],
  ["azurecr.io", "00000000-0000-0000-0000-000000000000"],
];

/** What GitLab and Gitea of one's own expect, and others do not mind. */
const otherwise = "oauth2";

/** The name that goes with a token that is sent to `target` as a password, where nobody gave one. */
export function basicUsername(target: Target | undefined): string {
  const host = URL.parse(target?.origins[0] ?? "")?.hostname ?? "";
  return usernames.find(([end]) => host === end || host.endsWith(`.${end}`))?.[1] ?? otherwise;
}
