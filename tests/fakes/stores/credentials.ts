import type { OAuthCredential, PatCredential } from "../../../src/credentials/credential.ts";
import { encode } from "../../../src/credentials/envelope.ts";
import type { TokenSet } from "../../../src/oauth/token_set.ts";
import type { Profile } from "../../../src/profiles/profile.ts";
import { Secret } from "../../../src/secret.ts";

/** The start time of tests, in milliseconds. */
export const noon = Date.UTC(2026, 0, 2, 12);
export const minute = 60_000;

/** A minimal profile. */
export const work: Profile = { name: "work", provider: "oidc" };

/** A token pair that was issued at {@link noon} for one hour. `turn` distinguishes pairs. */
export function tokensOf(turn: number, more: Partial<TokenSet> = {}): TokenSet {
  return {
    accessToken: new Secret(`at-${turn}`),
    refreshToken: new Secret(`rt-${turn}`),
    tokenType: "Bearer",
    obtainedAt: noon,
    expiresAt: noon + 60 * minute,
    ...more,
  };
}

/** A login for {@link work}. */
export function loginWith(tokens: TokenSet): OAuthCredential {
  return { kind: "oauth", issuer: "https://login.example", clientId: "fob", tokens };
}

/** A login in the stored form, obtained `age` milliseconds after {@link noon}. */
export function entry(turn: number, age: number): string {
  return encode(loginWith(tokensOf(turn, { obtainedAt: noon + age }))).reveal();
}

/** A pasted token for {@link work}. */
export const pasted: PatCredential = {
  kind: "pat",
  token: new Secret("pat-1"),
  obtainedAt: noon,
};

/** `value` with its secrets revealed, for comparison. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, revealed(field)]),
  );
}
