import type { OAuthCredential } from "../credentials/credential.ts";
import type { Clock } from "../system/clock.ts";
import type { FileLock } from "../system/files/file_lock.ts";
import { digestOf } from "../text/digest.ts";

/*
 * The first line of a credential's lock file has the digest of the refresh token that is being used. If the
 * process dies before it stores the response, the next process can report that as the reason of a refusal. The
 * second line says when and why the server could not be reached, so that processes that waited for that attempt
 * do not each wait for another.
 */

/** Notes in the lock file that the credential's refresh token is about to be sent. */
export async function noteSpending(
  { tokens }: OAuthCredential,
  lock: FileLock,
  clock: Clock,
): Promise<void> {
  const digest = await digestOf(tokens.refreshToken);
  await lock.write(`${digest} ${new Date(clock.now()).toISOString()}\n`);
}

/** When an interrupted refresh with the same refresh token started; `undefined` if none did. */
export async function interruptedRefresh(
  { tokens }: OAuthCredential,
  lock: Pick<FileLock, "read">,
): Promise<string | undefined> {
  const [spending = ""] = (await lock.read()).split("\n");
  const [digest, time] = spending.trim().split(" ");
  return digest !== undefined && digest === await digestOf(tokens.refreshToken) ? time : undefined;
}

/** When the refresh in a lock file's text started; `undefined` if the text has none. */
export function notedSpending(text: string): string | undefined {
  return /^[\da-f]{64} (\S+)/.exec(text)?.[1];
}

/** Notes that the server could not be reached, and keeps the first line. */
export async function noteOutage(why: string, lock: FileLock, clock: Clock): Promise<void> {
  const [spending = ""] = (await lock.read()).split("\n");
  await lock.write(`${spending}\n${new Date(clock.now()).toISOString()} ${why}\n`);
}

/**
 * Why the server could not be reached, if a process noted that between `start` and `now`. `now` is compared
 * too, because the clock may have been set back.
 */
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
