import { FobError } from "../errors.ts";
import type { PlatformVariables } from "../providers/platform.ts";
import type { Environment } from "../system/environment.ts";

/**
 * Returns the host from the host variable or the domain variable, if one of them is set.
 *
 * @throws {FobError} `usage` for an invalid domain.
 */
export function hostIn(
  { host, domain }: Pick<PlatformVariables, "host" | "domain">,
  environment: Environment,
): string | undefined {
  const text = host === undefined ? undefined : environment.get(host)?.trim() || undefined;
  const named = domain === undefined ? undefined : environment.get(domain)?.trim();
  return text ?? (domain === undefined || !named ? undefined : apiOf(domain, named));
}

/** Accepts the address of the console too, as Astro's CLI does (pkg/domainutil). */
function apiOf(variable: string, text: string): string {
  const name = text.toLowerCase().replace(/^https:\/\//, "").replace(/\/$/, "")
    .replace(/^(cloud|api)\./, "");
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)) return `https://api.${name}`;
  throw new FobError("usage", `${variable} is not a valid domain`, {
    facts: { example: `${variable}=astronomer.io` },
  });
}
