import { askAgainAfter } from "../../limits.ts";
import type { Platform } from "../platform.ts";

/**
 * Databricks: a workspace, an account, or both at one host. fob uses the public client of Databricks' CLI, which
 * accepts redirects only to these ports of `localhost` (databricks-sdk-go, credentials/u2m).
 */
export const databricks: Platform = {
  id: "databricks",
  title: "Databricks",
  discoveryHost: "https://login.databricks.com",
  discoveryHostVariable: "DATABRICKS_DISCOVERY_HOST",
  domains: [
    ".cloud.databricks.com",
    ".cloud.databricks.us",
    ".gcp.databricks.com",
    ".azuredatabricks.net",
    ".databricks.azure.us",
    ".databricks.azure.cn",
  ],
  clientId: "databricks-cli",
  scopes: ["all-apis"],
  refreshScope: "offline_access",
  redirect: {
    hostname: "localhost",
    path: "",
    ports: Array.from({ length: 21 }, (_, index) => 8020 + index),
  },
  pages: { member: "next_page_token", parameter: "page_token" },
  expiredDescriptions: ["Refresh token is invalid"],
  variables: {
    token: ["DATABRICKS_TOKEN"],
    host: "DATABRICKS_HOST",
    profile: "DATABRICKS_CONFIG_PROFILE",
    outranking: [
      "DATABRICKS_AUTH_TYPE",
      "DATABRICKS_CLIENT_ID",
      "DATABRICKS_CLIENT_SECRET",
      "DATABRICKS_USERNAME",
      "DATABRICKS_PASSWORD",
      "DATABRICKS_CONFIG_PROFILE",
      "DATABRICKS_METADATA_SERVICE_URL",
      "DATABRICKS_OIDC_TOKEN",
      "DATABRICKS_OIDC_TOKEN_ENV",
      "DATABRICKS_OIDC_TOKEN_FILEPATH",
      "DATABRICKS_OIDC_TOKEN_FILE",
    ],
    service: {
      url: "DATABRICKS_METADATA_SERVICE_URL",
      choice: ["DATABRICKS_AUTH_TYPE", "metadata-service"],
    },
  },
  workloads: {
    choice: "DATABRICKS_AUTH_TYPE",
    tokenMethod: "pat",
    host: "DATABRICKS_HOST",
    clientId: "DATABRICKS_CLIENT_ID",
    accountId: "DATABRICKS_ACCOUNT_ID",
    audience: "DATABRICKS_TOKEN_AUDIENCE",
    methods: [
      { name: "oauth-m2m", kind: "secret", secret: "DATABRICKS_CLIENT_SECRET" },
      { name: "github-oidc", kind: "github" },
      { name: "azure-devops-oidc", kind: "azure" },
      {
        name: "env-oidc",
        kind: "variable",
        namedBy: "DATABRICKS_OIDC_TOKEN_ENV",
        variable: "DATABRICKS_OIDC_TOKEN",
      },
      {
        name: "file-oidc",
        kind: "file",
        paths: ["DATABRICKS_OIDC_TOKEN_FILEPATH", "DATABRICKS_OIDC_TOKEN_FILE"],
      },
    ],
  },
  hooks: async () => (await import("./server.ts")).databricksHooks,
  tokenApi: {
    page: "/#setting/account/token",
    issuer: async (host, needs) => (await import("./tokens.ts")).tokensOf(host, needs),
    app: {
      variable: "DATABRICKS_APP_NAME",
      creator: async (...asked) => await (await import("./app.ts")).appCreator(...asked),
    },
  },
  answers: {
    // On this text its SDKs try the next authentication method.
    noLogin: "databricks OAuth is not configured for this host",
    expiryIfUnknown: askAgainAfter,
  },
  // The SDKs pass a profile to a CLI from 0.207.1 on, and can force a refresh from 0.296.0 on.
  commandLine: {
    program: "databricks",
    pathVariable: "DATABRICKS_CLI_PATH",
    versionText: "Databricks CLI v1.13.0",
    versionFields: { Major: 1, Minor: 13, Patch: 0 },
  },
};
