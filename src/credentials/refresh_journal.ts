import type { Secret } from "../secret.ts";
import type { Clock } from "../system/clock.ts";
import type { FileLock } from "../system/file_lock.ts";
import type { OAuthCredential } from "./credential.ts";

/*
 * The lock file of a credential says which refresh token is being spent, by digest. If the process dies
 * before it has kept the answer, the next one knows, and can say so truthfully if the server refuses.
 */

/** Notes that the credential's refresh token is about to be sent. */
export async function noteSpending(
  { tokens }: OAuthCredential,
  lock: FileLock,
  clock: Clock,
): Promise<void> {
  const digest = await digestOf(tokens.refreshToken);
  await lock.write(`${digest} ${new Date(clock.now()).toISOString()}\n`);
}

/** When a refresh with the same refresh token began that was never finished; `undefined` if none was. */
export async function interruptedRefresh(
  { tokens }: OAuthCredential,
  lock: FileLock,
): Promise<string | undefined> {
  const [digest, time] = (await lock.read()).trim().split(" ");
  return digest !== undefined && digest === await digestOf(tokens.refreshToken) ? time : undefined;
}

async function digestOf(token: Secret | undefined): Promise<string> {
  const bytes = new TextEncoder().encode(token?.reveal() ?? "");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
