import { FobError } from "../errors.ts";

/** The user's name for a provider, a host, an account and scopes. Holds no secret. */
export interface Profile {
  readonly name: string;
  /** A provider's id. */
  readonly provider: string;
  /** The API that the tokens are for, without a path's trailing slash. */
  readonly host?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
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

/** A name for a profile that was given none: the host that it is for. */
export function nameFor(url: string): string {
  return new URL(url).host.replace(/^\[|\]/g, "").replaceAll(":", "-");
}

/** Whether `text` is meant as a host: an address, or a name with a dot that is no profile's. */
export function looksLikeHost(text: string): boolean {
  return text.includes("://") || /^[\w.-]+\.[A-Za-z]{2,}(:\d+)?(\/.*)?$/.test(text) ||
    /^(localhost|[\d.]+|\[[\da-f:]+\])(:\d+)(\/.*)?$/i.test(text);
}

/** The origin that decides whether two addresses are one host; `undefined` for what is no address. */
export function originOf(host: string): string | undefined {
  try {
    return new URL(host.includes("://") ? host : `https://${host}`).origin;
  } catch {
    return undefined;
  }
}
