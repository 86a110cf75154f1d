import type { Platform } from "./platform.ts";

/**
 * GitHub, which publishes no metadata (docs.github.com, "Authorizing OAuth apps"). A person signs in
 * with the client id of an OAuth app or GitHub App of their own; its tokens need no refresh, or rotate
 * where the app says so.
 */
export const github: Platform = {
  id: "github",
  title: "GitHub",
  host: "https://api.github.com",
  tokenHosts: ["https://github.com", "https://gist.github.com", "https://ghcr.io"],
  toolHosts: {
    git: ["https://github.com", "https://gist.github.com"],
    docker: ["https://ghcr.io"],
  },
  server: {
    issuer: "https://github.com/login/oauth",
    authorization_endpoint: "https://github.com/login/oauth/authorize",
    token_endpoint: "https://github.com/login/oauth/access_token",
    device_authorization_endpoint: "https://github.com/login/device/code",
  },
  variables: { token: ["GH_TOKEN", "GITHUB_TOKEN"] },
};
