import { FobError } from "../errors.ts";
import { hasScheme, webOrigin } from "../text/address.ts";

/** A user's name for a provider, a host, an account and scopes. Contains no secret. */
export interface Profile {
  readonly name: string;
  /** A provider's id. */
  readonly provider: string;
  /** The API that the tokens are for, without a trailing slash. */
  readonly host?: string;
  /** The account and workspace, on a platform with several per host. */
  readonly accountId?: string;
  readonly workspaceId?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
  /** Where its secret is in plaintext, if it signs in with a token or secret from its config file. */
  readonly configFile?: ConfigFilePlace;
  /** Set if its config file does not fully specify how it signs in: environment variables may add the rest. */
  readonly unspecified?: UnspecifiedSignIn;
}

/** A sign-in that another tool's config file specifies in part. That tool reads the rest from the environment. */
export interface UnspecifiedSignIn {
  readonly path: string;
  /** The keys that are set and their values, by the environment variable with the same meaning. */
  readonly keys: Readonly<Record<string, { readonly key: string; readonly value: string }>>;
  /** Whether the keys specify a workload sign-in. */
  readonly isWorkload: boolean;
}

/** The place of a token or a client secret in a config file that other tools share. */
export interface ConfigFilePlace {
  readonly path: string;
  /** The client that the secret belongs to. Absent for a token. */
  readonly clientId?: string;
}

/** A valid profile name: it is also a section name, part of a keychain account, and typed in shells. */
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u;

/** @throws {FobError} `usage` for an invalid profile name. */
export function assertProfileName(name: string): void {
  if (namePattern.test(name)) return;
  throw new FobError(
    "usage",
    `Invalid profile name "${name.slice(0, 80)}": use at most 64 letters, digits and . _ @ + -`,
  );
}

/** The account under which a store keeps the profile's credential. */
export function accountOf({ provider, name }: Pick<Profile, "provider" | "name">): string {
  return `${provider}:${name}`;
}

/** Whether `account` is a test entry: a process that was killed while it tested a store has left it. */
export function isTestAccount(account: string): boolean {
  return account.startsWith("probe:");
}

/** The name for a profile without a name: its host. */
export function nameFor(url: string): string {
  const name = new URL(url).host.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(
    /^[^\p{L}\p{N}]+/u,
    "",
  );
  return name.slice(0, 64);
}

/** Whether `text` looks like a host: a URL, a domain name with a dot, an IP address, or `localhost:PORT`. */
export function looksLikeHost(text: string): boolean {
  if (hasScheme(text)) return true;
  const [authority = ""] = text.split("/");
  return /^[\w.-]+\.[A-Za-z]{2,}(:\d+)?$/.test(authority) ||
    /^(\d{1,3}\.){3}\d{1,3}(:\d+)?$/.test(authority) ||
    /^\[[\da-f:.]+\](:\d+)?$/i.test(authority) || /^localhost:\d+$/.test(authority);
}

/** The origins that `typed` may mean: `https:` and `http:` if it has no scheme. */
export function originsOf(typed: string): string[] {
  const addresses = hasScheme(typed) ? [typed] : [`https://${typed}`, `http://${typed}`];
  return addresses.map(webOrigin).filter((origin) => origin !== undefined);
}

/** Whether `typed` means the host at the address `known`. Without a scheme it matches both `https:` and `http:`. */
export function isSameHost(typed: string, known: string): boolean {
  const origin = webOrigin(known);
  return origin !== undefined && originsOf(typed).includes(origin);
}
