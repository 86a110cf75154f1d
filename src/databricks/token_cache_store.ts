import { decode, encode } from "../credentials/envelope.ts";
import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import type { Availability, SecretStore } from "../stores/secret_store.ts";
import type { TokenCacheFile } from "../stores/token_cache_file.ts";
import { hasScheme } from "../text/address.ts";
import { addressOfProfile, type DatabricksProfiles } from "./config_file.ts";
import {
  type DatabricksAddress,
  type DatabricksServer,
  findAddress,
  hostKeyOf,
  isAccountHost,
  serverFor,
} from "./host.ts";
import { keysToRemove, readLegacyLogin, writeLegacyLogin } from "./token_cache_login.ts";

/** What {@link LegacyStore} needs. */
export interface LegacyStoreNeeds {
  readonly cache: TokenCacheFile;
  /** Reads the current profiles. */
  readonly profiles: () => Promise<DatabricksProfiles>;
  readonly notice: (text: string) => void;
  /** The setting that forbids plaintext. Logins can then be read and removed, but not added. */
  readonly refusedBy?: string;
}

/**
 * Databricks' token cache as the store of the mode `legacy`. An account is the name of a profile, or the address of
 * a server without a profile. Entries are user logins; the file cannot represent other credentials.
 *
 * A login that is found only under its host is used with a notice. After a refresh it is stored under the host
 * again, never under a profile.
 */
export class LegacyStore implements SecretStore {
  readonly kind = "token-cache";
  readonly location: string;
  readonly #needs: LegacyStoreNeeds;
  /** The accounts with a login that was last read from the host's key. */
  readonly #shared = new Set<string>();

  constructor(needs: LegacyStoreNeeds) {
    this.#needs = needs;
    this.location = needs.cache.location;
  }

  async probe(): Promise<Availability> {
    try {
      await this.#needs.cache.keys();
      return { state: "ready" };
    } catch (error) {
      return { state: "broken", detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async get(account: string): Promise<Secret | undefined> {
    const name = nameOf(account);
    const server = await this.#serverOf(name);
    if (server === undefined) return undefined;
    const login = await readLegacyLogin(name, server, this.#needs.cache);
    if (login === undefined) return undefined;
    const isShared = login.from === "host" && name !== hostKeyOf(server);
    if (isShared) {
      this.#needs.notice(
        `"${name}" has no login of its own; using the login for "${hostKeyOf(server)}"`,
      );
      this.#shared.add(account);
    } else this.#shared.delete(account);
    return encode(login.credential);
  }

  async set(account: string, secret: Secret): Promise<void> {
    this.#assertAllowed();
    const credential = decode(secret, account);
    if (credential.kind !== "oauth" || credential.clientSecret !== undefined) {
      throw new FobError(
        "store_failed",
        `Cannot write "${this.location}": it can store only user logins`,
      );
    }
    const server = serverOfIssuer(credential.issuer, credential.host);
    const from = this.#shared.has(account) ? "host" : "profile";
    await writeLegacyLogin({ credential, from }, nameOf(account), server, this.#needs.cache);
  }

  async delete(account: string): Promise<boolean> {
    const name = nameOf(account);
    const profiles = await this.#needs.profiles();
    const profile = profiles.get(name);
    const keys = profile === undefined ? [name] : keysToRemove(profile, profiles.all());
    return (await this.#needs.cache.remove(keys)).length > 0;
  }

  async list(): Promise<string[]> {
    return (await this.#needs.cache.keys()).map((key) => `${prefix}${key}`);
  }

  async assertWritable(): Promise<void> {
    this.#assertAllowed();
    await this.#needs.cache.assertWritable();
  }

  /** Returns the server of a profile, or `undefined` if it is unknown. */
  async #serverOf(name: string): Promise<DatabricksServer | undefined> {
    const profile = (await this.#needs.profiles()).get(name);
    if (profile === undefined) return hasScheme(name) ? serverAt(name) : undefined;
    const address = addressOfProfile(profile);
    return address && await this.#issuing(address);
  }

  /**
   * Only a host's metadata shows whether it has an account's server. Each login is stored under its server too, so
   * the cache contains the answer.
   */
  async #issuing(address: DatabricksAddress): Promise<DatabricksServer | undefined> {
    const { accountId, host } = address;
    if (accountId === undefined) return isAccountHost(host) ? undefined : serverFor(address);
    const [workspace, unified] = [
      serverFor(address),
      { type: "unified", host, accountId } as const,
    ];
    const keys = await this.#needs.cache.keys();
    const isUnified = keys.includes(hostKeyOf(unified)) && !keys.includes(hostKeyOf(workspace));
    return isUnified ? unified : workspace;
  }

  #assertAllowed(): void {
    const { refusedBy } = this.#needs;
    if (refusedBy === undefined) return;
    throw new FobError(
      "plaintext_refused",
      `Cannot write "${this.location}": ${refusedBy} forbids plaintext`,
    );
  }
}

const prefix = "databricks:";

function nameOf(account: string): string {
  return account.startsWith(prefix) ? account.slice(prefix.length) : account;
}

/** Matches the issuer of an account's server, with the account ID. */
const accountPath = /\/oidc\/accounts\/([^/]+)$/;

/** The server of a host key. */
function serverAt(key: string): DatabricksServer | undefined {
  const host = findAddress(key)?.host;
  return host === undefined ? undefined : serverOfIssuer(key, host);
}

function serverOfIssuer(issuer: string, host = new URL(issuer).origin): DatabricksServer {
  const accountId = accountPath.exec(issuer)?.[1];
  if (accountId === undefined) return { type: "workspace", host };
  return { type: isAccountHost(host) ? "account" : "unified", host, accountId };
}
