import type { Platform } from "./platform.ts";

/**
 * GitHub, which publishes no metadata (docs.github.com, "Authorizing OAuth apps"). Users sign in with the
 * client ID of their own OAuth app or GitHub App. Its tokens do not expire, or expire with a rotating refresh
 * token, by the settings of the app.
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
