import type { Secret } from "../secret.ts";
import type { Notes } from "../system/files/notes.ts";
import { digestOf } from "../text/digest.ts";

/*
 * What fob has to remember of tokens that it handed out, by digest: which one the server has refused, as a
 * tool says in one run and asks for a token in the next; and who got which, for tools that ask again in place
 * of saying so. A digest of a token that is no longer kept means nothing, so that nobody has to tidy up.
 */

/** What was, or is about to be, handed out. */
export interface HandedOut {
  /** The process that asked. */
  readonly callerPid: number;
  /** The digest of the token. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How many are remembered of an account. */
const remembered = 32;

/** Notes that the server has refused the token of `account`. */
export async function noteRefused(account: string, token: Secret, notes: Notes): Promise<void> {
  await notes.write(`refused:${account}`, await digestOf(token));
}

/** Whether that was noted of this `token`. */
export async function isNotedRefused(
  account: string,
  token: Secret,
  notes: Notes,
): Promise<boolean> {
  const refused = await notes.read(`refused:${account}`);
  return refused !== undefined && refused === await digestOf(token);
}

/** Who got which token of `account`, the last one first. */
export async function readHandedOut(account: string, notes: Notes): Promise<HandedOut[]> {
  const lines = (await notes.read(`handed:${account}`) ?? "").split("\n").filter(Boolean);
  return lines.map((line) => {
    const [callerPid = "", token = "", at = ""] = line.split(" ");
    return { callerPid: Number(callerPid), token, at: Number(at) };
  });
}

/** Notes that `handing` has been done. That it cannot be noted is no reason to hand out nothing. */
export async function noteHandedOut(
  account: string,
  handing: HandedOut,
  notes: Notes,
): Promise<void> {
  const all = [handing, ...await readHandedOut(account, notes)].slice(0, remembered);
  const lines = all.map(({ callerPid, token, at }) => `${callerPid} ${token} ${at}\n`);
  await notes.write(`handed:${account}`, lines.join("")).catch(() => {});
}
