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

/** Dependencies of {@link checkLocks}. */
export interface LockNeeds {
  readonly machine: Machine;
  readonly directories: () => Directories;
  readonly locks: () => Locks;
  readonly stores: () => Promise<InspectedStores>;
}

/** Checks whether locks can be taken, and whether a refresh was interrupted. */
export async function checkLocks(needs: LockNeeds): Promise<Check[]> {
  return [
    await check("locks", () => checkTaking(needs)),
    await check("refreshes", () => checkRefreshes(needs)),
  ];
}

/** Tests a lock, and warns about locks that another process holds: it may be stopped, or waiting. */
async function checkTaking(needs: LockNeeds): Promise<Check> {
  const tried = await tryLock(needs);
  const [first, ...more] = (await findLocks(needs)).filter(({ isHeld }) => isHeld);
  if (tried.state !== "ok" || first === undefined) return tried;
  const names = [first, ...more].map(({ name }) => `"${name}"`).join(", ");
  return warn("locks", `Held by another process: ${names}`, "lock_held", { path: first.path });
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
    return warn("locks", `Not tested: it would change the mode of "${wide}"`, "not_tried");
  }
  using _lock = await needs.locks().take("doctor", optionalLockLimit);
  return ok("locks", "Locks work between processes");
}

async function checkRefreshes(needs: LockNeeds): Promise<Check> {
  const interrupted: { name: string; time: string }[] = [];
  for (const lock of await findLocks(needs)) {
    const time = await unfinishedSince(lock, needs);
    if (time !== undefined) interrupted.push({ name: lock.name.replace(/^[^:]*:/, ""), time });
  }
  const [first] = interrupted;
  if (first === undefined) return ok("refreshes", "No interrupted refresh");
  const list = interrupted.map(({ name, time }) => `"${name}" since ${time}`).join(", ");
  const detail = `A refresh was interrupted before its result was stored: ${list}`;
  return warn("refreshes", detail, "refresh_interrupted", { profile: first.name });
}

/**
 * The start of an interrupted refresh, if a lock has a note about one. A note about a refresh token that has
 * since been replaced is ignored. If the login cannot be read, the note counts.
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
