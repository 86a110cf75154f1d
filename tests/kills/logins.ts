import assert from "node:assert/strict";
import type { OAuthCredential } from "../../src/credentials/credential.ts";
import { readCredential } from "../../src/credentials/envelope.ts";
import type { SecretStore } from "../../src/stores/secret_store.ts";
import { type LoginHome, tokenIn } from "../interop/login/login_home.ts";
import { LostLogin } from "./campaign.ts";

/** The login that is kept; throws {@link LostLogin} where there is no whole one. */
export async function keptOrLost(home: LoginHome): Promise<OAuthCredential> {
  try {
    return await home.kept();
  } catch (cause) {
    throw new LostLogin(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** The login that is kept, if any. */
export async function keptIn(store: SecretStore): Promise<OAuthCredential | undefined> {
  const credential = await readCredential("oidc:work", store);
  if (credential === undefined || credential.kind === "oauth") return credential;
  throw new Error(`A credential of the kind "${credential.kind}" is kept`);
}

/**
 * Asks fob for a token; throws {@link LostLogin} where it has none. It is that of `kept`, unless the time of day says
 * that it comes from the future or is about to end, as after a clock was set: then it is what is kept afterwards.
 */
export async function assertAnswers(
  kept: OAuthCredential,
  home: Pick<LoginHome, "run" | "store">,
): Promise<void> {
  const { obtainedAt, expiresAt = Infinity } = kept.tokens;
  const isGood = obtainedAt <= Date.now() + 60_000 && expiresAt > Date.now() + 300_000;
  const run = await home.run(["auth", "token", "work"]);
  if (run.code !== 0) {
    throw new LostLogin(`asked for it, fob ended with ${run.code}: ${run.stderr}`);
  }
  const now = isGood ? kept : await keptIn(home.store);
  assert.equal(
    tokenIn(run),
    now?.tokens.accessToken.reveal(),
    "fob answers another token than it keeps",
  );
}

/** A login in a form that can be compared, its secrets included. */
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
