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
 * A credential that a tool stored with fob. It belongs to no profile. Its account is
 * `git:https://host/path user`, with the path percent-encoded.
 */
export interface ToolEntry {
  readonly account: string;
  readonly origin: string;
  readonly path?: string;
  readonly username?: string;
}

/** Selects entries of a tool. */
export interface EntryQuery {
  readonly tool: string;
  readonly place: Place;
  /** Any username if absent. */
  readonly username?: string;
}

/** An entry with its credential. */
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

/** Whether `account` is a tool's entry. The name of a profile cannot contain these characters. */
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
 * The stored entries for `query` that have not expired, the newest first. An entry without a path is for all
 * paths of its host, unless `isExact`.
 */
export async function findKept(
  query: EntryQuery,
  { store: open, clock }: Pick<EntryNeeds, "store" | "clock">,
  isExact = false,
): Promise<Kept[]> {
  const store = await open();
  const found: Kept[] = [];
  for (
    const entry of (await listEntries(query.tool, store)).filter((it) => fits(it, query, isExact))
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

function fits({ origin, path, username }: ToolEntry, query: EntryQuery, isExact: boolean): boolean {
  return query.place.origins.includes(origin) &&
    (path === encoded(query.place.path) || (!isExact && path === undefined)) &&
    (query.username ?? username) === username;
}

/** A credential to store. */
export interface StoreRequest extends EntryQuery {
  readonly secret: Secret;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Whether the tool's `get` requests have a username, so that each user may have an entry. */
  readonly namesUsers: boolean;
}

/** Stores a tool's credential. Writes nothing if it is stored already: git stores it after each success. */
export async function keepEntry(request: StoreRequest, needs: EntryNeeds): Promise<void> {
  const account = accountFor(request);
  const store = await needs.store();
  const before = await readCredential(account, store).catch(asAbsent);
  const { secret: token, expiresAt } = request;
  const isKept = before?.kind === "pat" && before.token.equals(token) &&
    before.expiresAt === expiresAt;
  if (!isKept) {
    using _lock = await needs.locks().take(account, credentialLockLimit);
    const host = request.place.origins[0];
    const times = {
      obtainedAt: needs.clock.now(),
      ...present({ expiresAt }),
    };
    await needs.uninterrupted(() =>
      writeCredential(account, { kind: "pat", host, token, ...times }, store)
    );
  }
  if (request.namesUsers) return;
  const { tool, place } = request;
  await removeEntries({ tool, place }, needs, (entry) => entry.account !== account);
}

/** Treats an entry that cannot be decoded as absent, so that it is replaced. */
function asAbsent(error: unknown): undefined {
  if (error instanceof FobError && error.facts["account"] !== undefined) return undefined;
  throw error;
}

/** Deletes the entries with exactly the path of `query` that `isMeant`. Returns `false` if there were none. */
export async function removeEntries(
  query: EntryQuery,
  needs: EntryNeeds,
  isMeant: (entry: ToolEntry) => boolean = () => true,
): Promise<boolean> {
  const store = await needs.store();
  const entries = await listEntries(query.tool, store);
  let isRemoved = false;
  for (const entry of entries.filter((it) => fits(it, query, true) && isMeant(it))) {
    isRemoved = await removeEntry(entry, needs) || isRemoved;
  }
  return isRemoved;
}

/** Deletes one entry. Returns `false` if it did not exist. */
export async function removeEntry({ account }: ToolEntry, needs: EntryNeeds): Promise<boolean> {
  const store = await needs.store();
  using _lock = await needs.locks().take(account, credentialLockLimit);
  return await needs.uninterrupted(() => store.delete(account));
}

/** The account for an entry. */
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

/** Percent-encodes the path, because a space ends the URL in an account. */
function encoded(path: string | undefined): string | undefined {
  return path === undefined ? undefined : encodeURI(path);
}
