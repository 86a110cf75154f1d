import assert from "node:assert/strict";
import type { OAuthCredential } from "../../src/credentials/credential.ts";
import { readCredential } from "../../src/credentials/envelope.ts";
import type { SecretStore } from "../../src/stores/secret_store.ts";
import { type LoginHome, tokenIn } from "../interop/login/login_home.ts";
import { LostLogin } from "./campaign.ts";

/** The stored login.
 *
 * @throws {LostLogin} if it is missing or invalid. */
export async function keptOrLost(home: LoginHome): Promise<OAuthCredential> {
  try {
    return await home.kept();
  } catch (cause) {
    throw new LostLogin(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The stored login, if any. */
export async function keptIn(store: SecretStore): Promise<OAuthCredential | undefined> {
  const credential = await readCredential("oidc:work", store);
  if (credential === undefined || credential.kind === "oauth") return credential;
  throw new Error(`A credential of kind "${credential.kind}" is stored`);
}

/**
 * Gets a token from fob and asserts that it is the stored one: `kept`, or the refreshed login if `kept` expires
 * soon or is from the future by the current clock.
 *
 * @throws {LostLogin} if fob returns no token.
 */
export async function assertAnswers(
  kept: OAuthCredential,
  home: Pick<LoginHome, "run" | "store">,
): Promise<void> {
  const { obtainedAt, expiresAt = Infinity } = kept.tokens;
  const isGood = obtainedAt <= Date.now() + 60_000 && expiresAt > Date.now() + 300_000;
  const run = await home.run(["auth", "token", "work"]);
  if (run.code !== 0) {
    throw new LostLogin(`auth token exited with ${run.code}: ${run.stderr}`);
  }
  const now = isGood ? kept : await keptIn(home.store);
  assert.equal(
    tokenIn(run),
    now?.tokens.accessToken.reveal(),
    "fob returns another token than the stored one",
  );
}

/** A login as a plain object with revealed secrets, for comparison. */
export function reveal(credential: OAuthCredential | undefined): unknown {
  if (credential === undefined) return undefined;
  const { tokens, ...rest } = credential;
  return {
    ...rest,
    tokens: {
      ...tokens,
      accessToken: tokens.accessToken.reveal(),
      refreshToken: tokens.refreshToken?.reveal(),
    },
  };
}

/** The secrets of a login. */
export function secretsOf({ tokens }: OAuthCredential): string[] {
  return [tokens.accessToken.reveal(), tokens.refreshToken?.reveal() ?? ""].filter((it) =>
    it !== ""
  );
}
