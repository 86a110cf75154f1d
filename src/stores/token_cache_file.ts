import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import { isObject } from "../text/json_object.ts";
import {
  corrupt,
  foundVersion,
  parseObject,
  PrivateFile,
  type PrivateFileNeeds,
} from "./private_file.ts";

/** An entry of Databricks' token cache. */
export interface TokenEntry {
  /** Empty if only the refresh token is valid. */
  readonly accessToken: Secret;
  readonly tokenType: string;
  readonly refreshToken?: Secret;
  /** Milliseconds since the epoch; absent if the token does not expire or its expiry is unknown. */
  readonly expiresAt?: number;
  /** Lifetime of the token in seconds when it was issued. */
  readonly expiresIn?: number;
}

/**
 * The file format: `~/.databricks/token-cache.json` of Databricks' CLI (libs/auth/storage/filestore.go).
 * `tokens` maps a profile name, or the URL of a server, to an `oauth2.Token` as Go encodes it. Unknown fields of
 * the file and of an entry are preserved.
 */
interface Content {
  readonly version: 1;
  readonly tokens: Readonly<Record<string, unknown>>;
}

/**
 * Databricks' token cache: tokens in plaintext, readable by every program that can read this user's files.
 *
 * Older versions of Databricks' CLI write the whole map without a lock. fob checks for changes right before it
 * replaces the file, so it does not overwrite what the CLI wrote before; the CLI may still overwrite what fob
 * wrote. A corrupt file, or one of another version, is `store_corrupt` and is never overwritten.
 */
export class TokenCacheFile {
  readonly location: string;
  readonly #file: PrivateFile;

  constructor(needs: PrivateFileNeeds) {
    this.location = needs.path;
    this.#file = new PrivateFile(needs);
  }

  /** The entry of `key`; `undefined` if there is none. */
  async read(key: string): Promise<TokenEntry | undefined> {
    const { tokens } = this.#parse(await this.#file.read());
    return Object.hasOwn(tokens, key) ? readEntry(tokens[key], key, this.location) : undefined;
  }

  /** Stores `entry` under each of `keys`, in one write. */
  async write(entry: TokenEntry, keys: readonly string[]): Promise<void> {
    await this.#change((tokens) => ({
      ...tokens,
      ...Object.fromEntries(keys.map((key) => [key, merged(tokens[key], entry)])),
    }));
  }

  /** Removes the entries of `keys`, in one write. Returns the keys that had one. */
  async remove(keys: readonly string[]): Promise<string[]> {
    let removed: string[] = [];
    if (!(await this.keys()).some((key) => keys.includes(key))) return removed;
    await this.#change((tokens) => {
      removed = Object.keys(tokens).filter((key) => keys.includes(key));
      return Object.fromEntries(Object.entries(tokens).filter(([key]) => !keys.includes(key)));
    });
    return removed;
  }

  /** The keys that have an entry, sorted. */
  async keys(): Promise<string[]> {
    return Object.keys(this.#parse(await this.#file.read()).tokens).sort();
  }

  /** Throws what `write` would throw, as far as it can be known without a write. */
  async assertWritable(): Promise<void> {
    await this.#file.rehearse((text) => print(this.#parse(text)));
  }

  async #change(change: (tokens: Content["tokens"]) => Content["tokens"]): Promise<void> {
    await this.#file.change((text) => {
      const content = this.#parse(text);
      return print({ ...content, tokens: change(content.tokens) });
    });
  }

  #parse(text: string | undefined): Content {
    const path = this.location;
    if (text === undefined) return { version: 1, tokens: {} };
    const content = parseObject(text, path);
    const { version, tokens } = content;
    if (version !== 1) {
      throw corrupt(path, `its version is ${foundVersion(version)}, fob supports version 1`);
    }
    // Go encodes a nil map as null.
    if (!isObject(tokens ?? {})) throw corrupt(path, '"tokens" is not an object');
    return { ...content, version, tokens: tokens ?? {} } as Content;
  }
}

function print(content: Content): string {
  return JSON.stringify(content, undefined, 2);
}

/** The new entry: unknown fields of `before` are preserved, the fields of the token are replaced. */
function merged(before: unknown, entry: TokenEntry): Readonly<Record<string, unknown>> {
  return {
    ...(isObject(before) ? before : {}),
    access_token: entry.accessToken.reveal(),
    token_type: entry.tokenType,
    refresh_token: entry.refreshToken?.reveal(),
    expiry: printTime(entry.expiresAt),
    expires_in: entry.expiresIn,
  };
}

function readEntry(value: unknown, key: string, path: string): TokenEntry | undefined {
  if (value === null) return undefined;
  const refuse = (why: string): Error =>
    corrupt(path, `under ${JSON.stringify(key.slice(0, 80))}, ${why}`);
  if (!isObject(value)) throw refuse("the entry is not an object");
  const text = (name: string): string => {
    const field = value[name] ?? "";
    if (typeof field !== "string") throw refuse(`"${name}" is not a string`);
    return field;
  };
  const expiresIn = value["expires_in"] ?? 0;
  if (typeof expiresIn !== "number") throw refuse('"expires_in" is not a number');
  const expiresAt = parseTime(text("expiry"));
  if (Number.isNaN(expiresAt)) throw refuse('"expiry" is not a valid time');
  const refreshToken = text("refresh_token");
  return {
    accessToken: new Secret(text("access_token")),
    tokenType: text("token_type") || "Bearer",
    ...(refreshToken === "" ? {} : { refreshToken: new Secret(refreshToken) }),
    ...present({ expiresAt }),
    ...(expiresIn > 0 ? { expiresIn } : {}),
  };
}

/** Go's zero time, which it writes for an unset time. */
const zeroTime = "0001-01-01T00:00:00Z";
/** RFC 3339 has four digits for the year. */
const endOfTime = Date.UTC(10_000, 0);

/**
 * Parses Go's RFC3339Nano to milliseconds since the epoch, rounded down; `undefined` for the zero time and for
 * an empty text, `NaN` for an invalid time.
 */
function parseTime(text: string): number | undefined {
  if (text === "") return undefined;
  const parts = /^([\d-]{10}T[\d:]{8})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (parts === null) return NaN;
  const [, seconds = "", fraction = "", offset = ""] = parts;
  const time = Date.parse(`${seconds}.${fraction.padEnd(3, "0").slice(0, 3)}${offset}`);
  return new Date(time).getUTCFullYear() <= 1 ? undefined : time;
}

function printTime(time: number | undefined): string {
  return time !== undefined && time < endOfTime ? new Date(time).toISOString() : zeroTime;
}
