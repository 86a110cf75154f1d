import type { Platform } from "./platform.ts";

/**
 * GitLab.com, or another GitLab instance with `--host`: an OpenID provider with device authorization
 * since 17.2 (docs.gitlab.com/api/oauth2). The client ID is that of an application registered there.
 */
export const gitlab: Platform = {
  id: "gitlab",
  title: "GitLab",
  host: "https://gitlab.com",
  scopes: ["openid", "email", "api"],
  variables: { token: ["GITLAB_TOKEN"], host: "GITLAB_HOST" },
};
