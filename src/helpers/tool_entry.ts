import type { PatCredential } from "../credentials/credential.ts";
import { readCredential, writeCredential } from "../credentials/envelope.ts";
import { FobError } from "../errors.ts";
import { credentialLockLimit } from "../limits.ts";
import { present } from "../present.ts";
import type { Place } from "../profiles/place.ts";
import type { Secret } from "../secret.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Clock } from "../system/clock.ts";
import type { Locks } from "../system/files/locks.ts";

/**
 * A credential that a tool gave fob to keep. It is an account of its own, which is no profile's:
 * `git:https://host/path user`, where the path is encoded as in an address.
 */
export interface ToolEntry {
  readonly account: string;
  readonly origin: string;
  readonly path?: string;
  readonly username?: string;
}

/** Which of a tool's entries are meant. */
export interface EntryQuery {
  readonly tool: string;
  readonly place: Place;
  /** Anybody's where it is absent. */
  readonly username?: string;
}

/** What an entry holds. */
export interface Kept extends ToolEntry {
  readonly credential: PatCredential;
}

/** What changing entries needs. */
export interface EntryNeeds {
  readonly store: () => Promise<SecretStore>;
  readonly locks: () => Locks;
  readonly clock: Clock;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Whether `account` is an entry's: a profile's name has no such characters in it. */
export function isToolAccount(account: string): boolean {
  return /^[a-z]+:https?:\/\//.test(account);
}

/** The entries of `tool`, sorted. */
export async function listEntries(tool: string, store: SecretStore): Promise<ToolEntry[]> {
  const accounts = await store.list();
  return accounts.filter((account) => account.startsWith(`${tool}:`)).map(readAccount)
    .filter((entry) => entry !== undefined);
}

/**
 * What is kept for `wish`, the newest first; what has expired is not. An entry without a path is for all
 * paths of its host, unless only the very path is meant.
 */
export async function findKept(
  wish: EntryQuery,
  { store: open, clock }: Pick<EntryNeeds, "store" | "clock">,
  isExact = false,
): Promise<Kept[]> {
  const store = await open();
  const found: Kept[] = [];
  for (
    const entry of (await listEntries(wish.tool, store)).filter((it) => fits(it, wish, isExact))
  ) {
    const credential = await readCredential(entry.account, store);
    if (credential?.kind !== "pat") continue;
    if ((credential.expiresAt ?? Infinity) > clock.now()) found.push({ ...entry, credential });
  }
  const depth = ({ path }: Kept): number => path === undefined ? 0 : 1;
  return found.sort((one, other) =>
    depth(other) - depth(one) || other.credential.obtainedAt - one.credential.obtainedAt
  );
}

function fits({ origin, path, username }: ToolEntry, wish: EntryQuery, isExact: boolean): boolean {
  return wish.place.origins.includes(origin) &&
    (path === encoded(wish.place.path) || (!isExact && path === undefined)) &&
    (wish.username ?? username) === username;
}

/** What a tool gives to keep. */
export interface StoreRequest extends EntryQuery {
  readonly secret: Secret;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Whether the tool names a user when it asks, so that there may be one entry for each. */
  readonly namesUsers: boolean;
}

/** Keeps what a tool gave. What is kept already is not written again: git gives it after each success. */
export async function keepEntry(given: StoreRequest, needs: EntryNeeds): Promise<void> {
  const account = accountFor(given);
  const store = await needs.store();
  const before = await readCredential(account, store).catch(asAbsent);
  const { secret: token, expiresAt } = given;
  const isKept = before?.kind === "pat" && before.token.equals(token) &&
    before.expiresAt === expiresAt;
  if (!isKept) {
    using _lock = await needs.locks().take(account, credentialLockLimit);
    const host = given.place.origins[0];
    const times = {
      obtainedAt: needs.clock.now(),
      ...present({ expiresAt }),
    };
    await needs.uninterrupted(() =>
      writeCredential(account, { kind: "pat", host, token, ...times }, store)
    );
  }
  if (given.namesUsers) return;
  const { tool, place } = given;
  await removeEntries({ tool, place }, needs, (entry) => entry.account !== account);
}

/** An entry that cannot be decoded is replaced. */
function asAbsent(error: unknown): undefined {
  if (error instanceof FobError && error.facts["account"] !== undefined) return undefined;
  throw error;
}

/** Removes the entries that `wish` means, path and all, and that `isMeant`. `false`: there were none. */
export async function removeEntries(
  wish: EntryQuery,
  needs: EntryNeeds,
  isMeant: (entry: ToolEntry) => boolean = () => true,
): Promise<boolean> {
  const store = await needs.store();
  const entries = await listEntries(wish.tool, store);
  let isRemoved = false;
  for (const entry of entries.filter((it) => fits(it, wish, true) && isMeant(it))) {
    isRemoved = await removeEntry(entry, needs) || isRemoved;
  }
  return isRemoved;
}

/** Removes one entry. `false`: it was gone. */
export async function removeEntry({ account }: ToolEntry, needs: EntryNeeds): Promise<boolean> {
  const store = await needs.store();
  using _lock = await needs.locks().take(account, credentialLockLimit);
  return await needs.uninterrupted(() => store.delete(account));
}

/** The account of the entry that `wish` means. */
export function accountFor({ tool, place, username }: EntryQuery): string {
  const path = encoded(place.path);
  const address = `${place.origins[0]}${path === undefined ? "" : `/${path}`}`;
  return `${tool}:${address}${username === undefined ? "" : ` ${username}`}`;
}

function readAccount(account: string): ToolEntry | undefined {
  const [, origin, path, username] =
    /^[a-z]+:(https?:\/\/[^/ ]+)(?:\/([^ ]*))?(?: (.*))?$/s.exec(account) ?? [];
  if (origin === undefined) return undefined;
  return {
    account,
    origin,
    ...present({ path, username }),
  };
}

/** Without spaces, which end the address. */
function encoded(path: string | undefined): string | undefined {
  return path === undefined ? undefined : encodeURI(path);
}
