import type { Platform } from "./platform.ts";

/**
 * GitLab.com, or a GitLab of one's own after `--host`: an OpenID provider with device authorization
 * since 17.2 (docs.gitlab.com/api/oauth2). The client id is that of an application made there.
 */
export const gitlab: Platform = {
  id: "gitlab",
  title: "GitLab",
  host: "https://gitlab.com",
  scopes: ["openid", "email", "api"],
  variables: { token: ["GITLAB_TOKEN"], host: "GITLAB_HOST" },
};
