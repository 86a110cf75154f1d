import type { PatCredential } from "../credentials/credential.ts";
import { FobError } from "../errors.ts";
import type { Choice } from "../profiles/choose.ts";
import type { Profile } from "../profiles/profile.ts";
import type { AccessToken } from "./token.ts";

/**
 * Returns the token in an environment variable. `now` is in milliseconds since the epoch.
 *
 * @throws {FobError} `sign_in_again` if the token's own expiry is past.
 */
export function tokenInVariable(
  { source, token, expiresAt }: Choice & { kind: "environment" },
  now: number,
): AccessToken {
  const held = { token, tokenType: "Bearer" };
  if (expiresAt === undefined) return held;
  if (expiresAt > now) return { ...held, expiresAt };
  const message = `The token in ${source} expired at ${new Date(expiresAt).toISOString()}`;
  throw new FobError("sign_in_again", message, { facts: { variable: source } });
}

/**
 * Returns the pasted token of a credential. `now` is in milliseconds since the epoch.
 *
 * @throws {FobError} `sign_in_again` if the token has expired.
 */
export function pastedToken(
  { name }: Profile,
  { token, expiresAt }: PatCredential,
  now: number,
): AccessToken {
  const held = { token, tokenType: "Bearer" };
  if (expiresAt === undefined) return held;
  if (expiresAt > now) return { ...held, expiresAt };
  const message = `The token of "${name}" has expired and cannot be refreshed`;
  throw new FobError("sign_in_again", message, { facts: { profile: name } });
}
