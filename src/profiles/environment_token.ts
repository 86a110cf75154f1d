import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { Platform, PlatformVariables } from "../providers/platform.ts";
import { Secret } from "../secret.ts";
import type { Environment } from "../system/environment.ts";
import type { JwtLife } from "../text/jwt.ts";
import { sharedVariables } from "./credential_sources.ts";
import { hostIn } from "./host_variable.ts";

/** A token that a variable holds. */
export interface EnvironmentToken {
  readonly kind: "environment";
  readonly source: string;
  /** Whose variable it is; absent for `API_TOKEN`, which is anybody's. */
  readonly provider?: string;
  readonly token: Secret;
  readonly host?: string;
  /** Milliseconds since the epoch, where the token says so. */
  readonly expiresAt?: number;
}

/** The environment, and the platforms whose own variables count there. */
export interface EnvironmentNeeds {
  readonly environment: Environment;
  readonly platforms: readonly Platform[];
}

/** The token that the environment has for a host that `isMeant`, and the host as it is said there. */
export function environmentToken(
  isMeant: (host: string) => boolean,
  { environment, platforms }: EnvironmentNeeds,
): { readonly token: Secret; readonly host: string } | undefined {
  const owners: readonly Pick<Platform, "variables" | "host" | "tokenHosts">[] = [
    { variables: sharedVariables },
    ...platforms,
  ];
  for (const { variables, host, tokenHosts = [] } of owners) {
    if (!variables?.token.some((name) => environment.get(name) !== undefined)) continue;
    const said = hostIn(variables, environment);
    const usual = host === undefined ? [] : [host, ...tokenHosts];
    const found = (said === undefined ? usual : [said]).find(isMeant);
    if (found !== undefined) return { ...fromEnvironment(variables, environment), host: found };
  }
  return undefined;
}

/** The token in the first of the variables that is set. */
export function fromEnvironment(
  variables: PlatformVariables,
  environment: Environment,
): EnvironmentToken {
  const [first, ...others] = variables.token;
  const source =
    others.find((name) =>
      environment.get(first) === undefined && environment.get(name) !== undefined
    ) ?? first;
  const token = withoutScheme(environment.get(source)?.trim() ?? "", variables);
  if (token === "" || /[\p{Cc}\s]/u.test(token)) {
    throw new FobError("usage", `${source} is no token: it has spaces or control characters in it`);
  }
  const host = hostIn(variables, environment);
  if (host?.includes("@")) throw new FobError("usage", `${variables.host} has credentials in it`);
  if (host !== undefined && /[\p{Cc}\s]/u.test(host)) {
    throw new FobError(
      "usage",
      `${variables.host} is no host: it has spaces or control characters`,
    );
  }
  return {
    kind: "environment",
    source,
    token: new Secret(token),
    ...present({ host }),
  };
}

/** People copy a header's value as well. */
function withoutScheme(text: string, { format }: PlatformVariables): string {
  return format === "jwt" ? text.replace(/^Bearer\s+/i, "") : text;
}

/** @throws {FobError} `usage` where the token is none that its platform could have made. */
export async function readAsJwt<T extends { readonly source: string; readonly token: Secret }>(
  choice: T,
): Promise<T & JwtLife> {
  const { readJwtLife } = await import("../text/jwt.ts");
  const life = readJwtLife(choice.token.reveal());
  if (life !== undefined) return { ...choice, ...life };
  throw new FobError("usage", `${choice.source} is malformed: it is no JSON Web Token`, {
    facts: { variable: choice.source },
  });
}
