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
  consoles: { "https://cloud.astronomer.io": "https://api.astronomer.io" },
  domains: [
    "api.astronomer.io",
    "cloud.astronomer.io",
    "api.astronomer-dev.io",
    "api.astronomer-stage.io",
    "api.astronomer-perf.io",
  ],
  clientId: "5XYJZYf5xZ0eKALgBH3O08WzgfUfz7y9",
  scopes: ["openid", "profile", "email", "offline_access"],
  redirect: { hostname: "localhost", path: "/callback", ports: [12345] },
  variables: { token: ["ASTRO_API_TOKEN"], format: "jwt" },
};
