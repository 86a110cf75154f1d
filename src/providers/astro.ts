import type { Platform } from "./platform.ts";

/**
 * Astro, Astronomer's managed Airflow. Undocumented values come from the source of the Astro CLI
 * (astronomer/astro-cli: cloud/auth, pkg/astroauth, pkg/domainutil):
 *
 * - the public client and its scopes
 * - the only redirect URI that its Auth0 server accepts
 * - the API of the console `cloud.DOMAIN` is `api.DOMAIN`
 *
 * An API token is a JSON Web Token with its expiry.
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
  // API keys, the predecessors of API tokens (cmd/cloud/setup.go).
  workloads: {
    clientId: "ASTRONOMER_KEY_ID",
    scopes: [],
    methods: [{ name: "api-key", kind: "secret", secret: "ASTRONOMER_KEY_SECRET" }],
  },
  hooks: async () => (await import("./astro_server.ts")).astroHooks,
};
