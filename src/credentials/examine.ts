import { type ErrorCode, FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import type { Environment } from "../system/environment.ts";
import type { Locks } from "../system/locks.ts";
import { accountOf } from "./profile.ts";
import type { Profiles } from "./profiles.ts";
import type { Storage } from "./storage.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  readonly state: "ok" | "note" | "fail";
  readonly detail: string;
  readonly code?: ErrorCode;
}

/** What the examination needs. */
export interface ExamineNeeds {
  readonly version: string;
  readonly environment: Environment;
  readonly profiles: () => Promise<Profiles>;
  readonly locks: () => Locks;
  readonly storage: () => Promise<Storage>;
}

/** Looks at everything that a login depends on and that can be looked at without signing in. */
export async function examine(needs: ExamineNeeds): Promise<Finding[]> {
  const overriding = [
    "API_TOKEN",
    "API_HOST",
    "FOB_PROFILE",
    "FOB_CONFIG_FILE",
    "FOB_AUTH_STORAGE",
    "FOB_NO_PLAINTEXT",
  ]
    .filter((name) => needs.environment.get(name) !== undefined);
  return [
    { what: "fob", state: "ok", detail: `${needs.version} on ${Deno.build.os} ${Deno.build.arch}` },
    ...(overriding.length > 0
      ? [{ what: "environment", state: "note" as const, detail: `set: ${overriding.join(", ")}` }]
      : []),
    await look("profiles", async () => {
      const profiles = await needs.profiles();
      return `${profiles.names().length} in "${profiles.path}"`;
    }),
    await look("storage mode", async () => {
      const { chosen } = await needs.storage();
      return `${chosen.mode} (${chosen.source})`;
    }),
    await look("store", async () => await tryStore(await needs.storage())),
    await look(
      "logins",
      async () => await compareLogins(await needs.profiles(), await needs.storage()),
    ),
    await look("locks", async () => {
      using _lock = await needs.locks().take("doctor", 1_000);
      return "work between processes";
    }),
  ];
}

/** A fact, and whether it is one to think about. */
type Fact = string | { readonly note: string };

/** Reads what is there, then writes, reads and removes an account that is nobody's: its name is random, so that it is not a profile's. */
async function tryStore({ store, holderOf }: Storage): Promise<Fact> {
  await store.list();
  const account = `doctor:${crypto.randomUUID()}`;
  const secret = new Secret(crypto.randomUUID());
  await store.assertWritable(account);
  await store.set(account, secret);
  try {
    const holder = await holderOf(account) ?? store;
    const found = await store.get(account);
    if (found === undefined || !found.equals(secret)) {
      throw new FobError("store_failed", "What was written could not be read back");
    }
    const fact = `written and read back in ${holder.location}`;
    return holder.kind === "plaintext-file" ? { note: `${fact}, in plain text` } : fact;
  } finally {
    await store.delete(account);
  }
}

/** Every login has a profile, or nobody would find it again. */
async function compareLogins(profiles: Profiles, { store }: Storage): Promise<Fact> {
  const accounts = await store.list();
  const known = new Set(profiles.all().map(accountOf));
  const stray = accounts.filter((account) => !known.has(account));
  if (stray.length === 0) return `${accounts.length} kept`;
  return { note: `${accounts.length} kept, of which no profile names ${stray.join(", ")}` };
}

async function look(what: string, at: () => Promise<Fact>): Promise<Finding> {
  try {
    const fact = await at();
    return typeof fact === "string"
      ? { what, state: "ok", detail: fact }
      : { what, state: "note", detail: fact.note };
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return { what, state: "fail", detail: error.message, code: error.code };
  }
}
