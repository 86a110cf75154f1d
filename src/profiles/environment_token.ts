import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { Platform, PlatformVariables } from "../providers/platform.ts";
import { Secret } from "../secret.ts";
import type { Environment } from "../system/environment.ts";
import type { JwtLife } from "../text/jwt.ts";
import { sharedVariables } from "./credential_sources.ts";
import { hostIn } from "./host_variable.ts";

/** A token from an environment variable. */
export interface EnvironmentToken {
  readonly kind: "environment";
  readonly source: string;
  /** The platform that the variable belongs to. Absent for `API_TOKEN`, which works with every platform. */
  readonly provider?: string;
  readonly token: Secret;
  readonly host?: string;
  /** Milliseconds since the epoch. Absent if the token has no readable expiry. */
  readonly expiresAt?: number;
}

/** The environment, and the platforms with variables that count. */
export interface EnvironmentNeeds {
  readonly environment: Environment;
  readonly platforms: readonly Platform[];
}

/** Returns the environment's token for a host that `isMeant` accepts, and that host as it is written there. */
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

/** Returns the token in the first variable that is set. */
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
    const why = token === "" ? "is empty" : "contains spaces or control characters";
    throw new FobError("usage", `${source} is not a valid token: it ${why}`, {
      facts: { variable: source },
    });
  }
  const host = hostIn(variables, environment);
  if (host?.includes("@")) {
    throw new FobError("usage", `${variables.host} must not contain credentials`, {
      facts: present({ variable: variables.host }),
    });
  }
  if (host !== undefined && /[\p{Cc}\s]/u.test(host)) {
    throw new FobError(
      "usage",
      `${variables.host} is not a valid host: it contains spaces or control characters`,
      { facts: present({ variable: variables.host }) },
    );
  }
  return {
    kind: "environment",
    source,
    token: new Secret(token),
    ...present({ host }),
  };
}

/** Removes `Bearer `, which users copy with the token from a header. */
function withoutScheme(text: string, { format }: PlatformVariables): string {
  return format === "jwt" ? text.replace(/^Bearer\s+/i, "") : text;
}

/** @throws {FobError} `usage` if the token is not a JSON Web Token. */
export async function readAsJwt<T extends { readonly source: string; readonly token: Secret }>(
  choice: T,
): Promise<T & JwtLife> {
  const { readJwtLife } = await import("../text/jwt.ts");
  const life = readJwtLife(choice.token.reveal());
  if (life !== undefined) return { ...choice, ...life };
  throw new FobError("usage", `${choice.source} is not a valid JSON Web Token (JWT)`, {
    facts: { variable: choice.source },
  });
}
