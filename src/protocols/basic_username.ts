import type { Target } from "./target.ts";

/**
 * The username for a token that is sent as a password (RFC 7617), by the suffix of the host name, as documented
 * by GitHub for apps, GitLab for OAuth, Bitbucket, Google and Amazon for access tokens, and Azure for registry
 * tokens. Most platforms accept any username with a personal access token.
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

/** The default: self-hosted GitLab and Gitea require it, other servers ignore it. */
const otherwise = "oauth2";

/** The username for a token that is sent to `target` as a password, if none is given. */
export function basicUsername(target: Target | undefined): string {
  const host = URL.parse(target?.origins[0] ?? "")?.hostname ?? "";
  return usernames.find(([end]) => host === end || host.endsWith(`.${end}`))?.[1] ?? otherwise;
}
