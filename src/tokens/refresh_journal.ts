import type { OAuthCredential } from "../credentials/credential.ts";
import type { Clock } from "../system/clock.ts";
import type { FileLock } from "../system/files/file_lock.ts";
import { digestOf } from "../text/digest.ts";

/*
 * The lock file of a credential says in its first line which refresh token is being spent, by digest. If
 * the process dies before it has kept the answer, the next one knows, and can say so truthfully if the
 * server refuses. A second line says when the server could not be reached, and why: those who waited for
 * that attempt need not wait for another one each.
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
  lock: Pick<FileLock, "read">,
): Promise<string | undefined> {
  const [spending = ""] = (await lock.read()).split("\n");
  const [digest, time] = spending.trim().split(" ");
  return digest !== undefined && digest === await digestOf(tokens.refreshToken) ? time : undefined;
}

/** When the refresh began that a lock file's text is about; `undefined` where it is about none. */
export function notedSpending(text: string): string | undefined {
  return /^[\da-f]{64} (\S+)/.exec(text)?.[1];
}

/** Notes that the server could not be reached; what is noted of a token that was being spent stays. */
export async function noteOutage(why: string, lock: FileLock, clock: Clock): Promise<void> {
  const [spending = ""] = (await lock.read()).split("\n");
  await lock.write(`${spending}\n${new Date(clock.now()).toISOString()} ${why}\n`);
}

/** Why the server could not be reached, if somebody found that out between `start` and `now`: a clock may be set back. */
export async function outageBetween(
  start: number,
  now: number,
  lock: FileLock,
): Promise<string | undefined> {
  const [, line = ""] = (await lock.read()).split("\n");
  const [time = "", ...why] = line.split(" ");
  const found = Date.parse(time);
  return found >= start && found <= now ? why.join(" ") : undefined;
}
