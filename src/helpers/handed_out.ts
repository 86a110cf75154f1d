import type { Secret } from "../secret.ts";
import type { Notes } from "../system/files/notes.ts";
import { digestOf } from "../text/digest.ts";

/*
 * Notes about returned tokens, by digest. A tool reports in one run that the server has refused a token, and
 * requests another in the next run; some tools only repeat the request, so fob also notes which process got
 * which token. A digest of a token that is no longer stored has no effect, so old notes need no cleanup.
 */

/** A token that was, or is about to be, returned to a tool. */
export interface HandedOut {
  /** The process that called the helper. */
  readonly callerPid: number;
  /** The digest of the token. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The number of notes that are kept for an account. */
const remembered = 32;

/** Notes that the server has refused the token of `account`. */
export async function noteRefused(account: string, token: Secret, notes: Notes): Promise<void> {
  await notes.write(`refused:${account}`, await digestOf(token));
}

/** Whether a refusal of this `token` was noted. */
export async function isNotedRefused(
  account: string,
  token: Secret,
  notes: Notes,
): Promise<boolean> {
  const refused = await notes.read(`refused:${account}`);
  return refused !== undefined && refused === await digestOf(token);
}

/** Which processes got which tokens of `account`, the latest first. */
export async function readHandedOut(account: string, notes: Notes): Promise<HandedOut[]> {
  const lines = (await notes.read(`handed:${account}`) ?? "").split("\n").filter(Boolean);
  return lines.map((line) => {
    const [callerPid = "", token = "", at = ""] = line.split(" ");
    return { callerPid: Number(callerPid), token, at: Number(at) };
  });
}

/** Notes `handing`. A failure is ignored, so that the token is still returned. */
export async function noteHandedOut(
  account: string,
  handing: HandedOut,
  notes: Notes,
): Promise<void> {
  const all = [handing, ...await readHandedOut(account, notes)].slice(0, remembered);
  const lines = all.map(({ callerPid, token, at }) => `${callerPid} ${token} ${at}\n`);
  await notes.write(`handed:${account}`, lines.join("")).catch(() => {});
}
