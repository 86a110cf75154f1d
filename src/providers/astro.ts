import type { Platform } from "./platform.ts";

/**
 * Astro, Astronomer's Airflow. What is not documented is known from the source of its own command line
 * (astronomer/astro-cli: cloud/auth, pkg/astroauth, pkg/domainutil): the client, which is public; the one
 * redirect address that its Auth0 server takes; the scopes; and that `api.DOMAIN` is the API of the domain
 * that people know as `cloud.DOMAIN`. An API token is a JSON Web Token, which says when it expires.
 */
export const astro: Platform = {
  id: "astro",
  title: "Astro",
  host: "https://api.astronomer.io",
  consoles: {
    "https://cloud.astronomer.io": "https://api.astronomer.io",
    "https://cloud.astronomer-dev.io": "https://api.astronomer-dev.io",
    "https://cloud.astronomer-stage.io": "https://api.astronomer-stage.io",
    "https://cloud.astronomer-perf.io": "https://api.astronomer-perf.io",
  },
  domains: ["", "-dev", "-stage", "-perf"].flatMap((kind) =>
    ["api", "cloud"].map((name) => `${name}.astronomer${kind}.io`)
  ),
  clientId: "5XYJZYf5xZ0eKALgBH3O08WzgfUfz7y9",
  scopes: ["openid", "profile", "email", "offline_access"],
  redirect: { hostname: "localhost", path: "/callback", ports: [12345] },
  variables: {
    token: ["ASTRO_API_TOKEN"],
    format: "jwt",
    domain: "ASTRO_DOMAIN",
    outranking: ["ASTRONOMER_KEY_ID", "ASTRONOMER_KEY_SECRET"],
  },
  // The API keys of before there were API tokens (cmd/cloud/setup.go).
  machines: {
    clientId: "ASTRONOMER_KEY_ID",
    scopes: [],
    ways: [{ name: "api-key", kind: "secret", secret: "ASTRONOMER_KEY_SECRET" }],
  },
  hooks: async () => (await import("./astro_server.ts")).astroHooks,
};
