import { readCredential } from "../credentials/envelope.ts";
import { FobError } from "../errors.ts";
import { optionalLockLimit } from "../limits.ts";
import type { InspectedStores } from "../stores/inspected_stores.ts";
import type { Directories } from "../system/files/directories.ts";
import type { Locks } from "../system/files/locks.ts";
import type { FoundLock, Machine } from "../system/machine.ts";
import { interruptedRefresh, notedSpending } from "../tokens/refresh_journal.ts";
import { type Check, check, ok, warn } from "./check.ts";
import { findWideDirectory, findWidePlace } from "./files.ts";

/** What the checks of the locks need. */
export interface LockNeeds {
  readonly machine: Machine;
  readonly directories: () => Directories;
  readonly locks: () => Locks;
  readonly stores: () => Promise<InspectedStores>;
}

/** Whether locks can be taken, and whether a refresh was cut off under one. */
export async function checkLocks(needs: LockNeeds): Promise<Check[]> {
  return [
    await check("locks", () => checkTaking(needs)),
    await check("refreshes", () => checkRefreshes(needs)),
  ];
}

/** A process that is stopped, or waits for a server or a person, holds up all who want its lock. */
async function checkTaking(needs: LockNeeds): Promise<Check> {
  const tried = await tryLock(needs);
  const [first, ...more] = (await findLocks(needs)).filter(({ isHeld }) => isHeld);
  if (tried.state !== "ok" || first === undefined) return tried;
  const names = [first, ...more].map(({ name }) => `"${name}"`).join(", ");
  return warn("locks", `Held by another process now: ${names}`, "lock_held", { path: first.path });
}

async function findLocks({ machine, directories }: LockNeeds): Promise<FoundLock[]> {
  const { state, runtime } = directories();
  const parents = runtime === undefined ? [state] : [state, runtime];
  const locks = await Promise.all(parents.map((parent) => machine.locksIn(`${parent}/locks`)));
  return locks.flat();
}

async function tryLock(needs: LockNeeds): Promise<Check> {
  const wide = await findWideDirectory(needs);
  if (wide !== undefined) {
    return warn("locks", `Not tried, as that would tighten the mode of "${wide}"`, "not_tried");
  }
  using _lock = await needs.locks().take("doctor", optionalLockLimit);
  return ok("locks", "Work between processes");
}

async function checkRefreshes(needs: LockNeeds): Promise<Check> {
  const cutOff: { name: string; time: string }[] = [];
  for (const lock of await findLocks(needs)) {
    const time = await unfinishedSince(lock, needs);
    if (time !== undefined) cutOff.push({ name: lock.name.replace(/^[^:]*:/, ""), time });
  }
  const [first] = cutOff;
  if (first === undefined) return ok("refreshes", "None was cut off");
  const list = cutOff.map(({ name, time }) => `"${name}" since ${time}`).join(", ");
  const detail = `A refresh was cut off before its answer was kept: ${list}`;
  return warn("refreshes", detail, "refresh_cut_off", { profile: first.name });
}

/**
 * When the refresh began that a note is about. A note about a refresh token that is no longer
 * kept is about nothing; where the login cannot be read, that is not known.
 */
async function unfinishedSince(
  { name, text }: FoundLock,
  needs: LockNeeds,
): Promise<string | undefined> {
  const time = notedSpending(text);
  if (time === undefined) return undefined;
  try {
    if (await findWidePlace(needs) !== undefined) return time;
    const { store, file, availability } = await needs.stores();
    if (store !== file && (await availability()).state === "broken") return time;
    const credential = await readCredential(name, store);
    if (credential?.kind !== "oauth") return undefined;
    return await interruptedRefresh(credential, { read: () => Promise.resolve(text) });
  } catch (error) {
    if (error instanceof FobError) return time;
    throw error;
  }
}
