import type { Platform } from "./platform.ts";

/** Astro, Astronomer's Airflow. An API token of it is a JSON Web Token, which says when it expires. */
export const astro: Platform = {
  id: "astro",
  title: "Astro",
  host: "https://api.astronomer.io",
  variables: { token: ["ASTRO_API_TOKEN"], format: "jwt" },
};
