import { FobError } from "../errors.ts";
import { hasScheme, webOrigin } from "../text/address.ts";

/** The user's name for a provider, a host, an account and scopes. Holds no secret. */
export interface Profile {
  readonly name: string;
  /** A provider's id. */
  readonly provider: string;
  /** The API that the tokens are for, without a path's trailing slash. */
  readonly host?: string;
  /** The account and the workspace, on a platform that divides a host. */
  readonly accountId?: string;
  readonly workspaceId?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
  /** Where its secret stands in clear, if its own file has it sign in with one. */
  readonly stated?: ConfigFilePlace;
  /** Where the environment may say how it signs in, because its own file does not say all of it. */
  readonly open?: UnspecifiedSignIn;
}

/** What another tool's file says of how a profile signs in; that tool takes the rest from the environment. */
export interface UnspecifiedSignIn {
  readonly path: string;
  /** What is said, and the key that says it, by the variable that would say it otherwise. */
  readonly says: Readonly<Record<string, { readonly key: string; readonly value: string }>>;
  /** Whether that means a program, and no person. */
  readonly isProgram: boolean;
}

/** A token that stands in the file of the profiles, which other tools share; or a client's secret. */
export interface ConfigFilePlace {
  readonly path: string;
  /** The client whose secret it is; absent where it is a token. */
  readonly clientId?: string;
}

/** What can name a profile: it is also a section, part of a keychain account, and typed in shells. */
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u;

/** @throws {FobError} `usage` for what cannot name a profile. */
export function assertProfileName(name: string): void {
  if (namePattern.test(name)) return;
  throw new FobError(
    "usage",
    `"${
      name.slice(0, 80)
    }" cannot name a profile: a name has letters, digits and . _ @ + - and at most 64 of them`,
  );
}

/** The name under which a store keeps the profile's credential. */
export function accountOf({ provider, name }: Pick<Profile, "provider" | "name">): string {
  return `${provider}:${name}`;
}

/**
 * Whether `account` is one that a store was tried with, of nobody's: who was killed meanwhile has left it.
 */
export function isTrial(account: string): boolean {
  return account.startsWith("probe:");
}

/** A name for a profile that was given none: the host that it is for. */
export function nameFor(url: string): string {
  const name = new URL(url).host.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(
    /^[^\p{L}\p{N}]+/u,
    "",
  );
  return name.slice(0, 64);
}

/** Whether `text` is meant as a host: an address, or a name with a dot that is no profile's. */
export function looksLikeHost(text: string): boolean {
  if (hasScheme(text)) return true;
  const [authority = ""] = text.split("/");
  return /^[\w.-]+\.[A-Za-z]{2,}(:\d+)?$/.test(authority) ||
    /^(\d{1,3}\.){3}\d{1,3}(:\d+)?$/.test(authority) ||
    /^\[[\da-f:.]+\](:\d+)?$/i.test(authority) || /^localhost:\d+$/.test(authority);
}

/** The origins that a person may mean by a host: of either scheme, where none was typed. */
export function originsOf(typed: string): string[] {
  const addresses = hasScheme(typed) ? [typed] : [`https://${typed}`, `http://${typed}`];
  return addresses.map(webOrigin).filter((origin) => origin !== undefined);
}

/** Whether `typed` means the host at the address `known`: of any scheme, where none was typed. */
export function isSameHost(typed: string, known: string): boolean {
  const origin = webOrigin(known);
  return origin !== undefined && originsOf(typed).includes(origin);
}
