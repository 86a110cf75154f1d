import { FobError } from "../errors.ts";
import type { Authorization } from "../oauth/token_set.ts";
import { Secret } from "../secret.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import { type JsonObject, parseObject } from "../text/json_object.ts";
import type { Credential, PatCredential } from "./credential.ts";

/** The version that this fob writes. fob reads every version that a release has written. */
const version = 1;

/**
 * Returns the credential of `account`; `undefined` if the store has none.
 *
 * @throws {FobError} `store_corrupt` for an entry that this fob cannot read, with its version in the facts.
 */
export async function readCredential(
  account: string,
  store: SecretStore,
): Promise<Credential | undefined> {
  const text = await store.get(account);
  return text === undefined ? undefined : decode(text, account);
}

/** Stores `credential` for `account`. */
export async function writeCredential(
  account: string,
  credential: Credential,
  store: SecretStore,
): Promise<void> {
  await store.set(account, encode(credential));
}

/**
 * One line of ASCII JSON with the field names of the RFCs, so that the tools of the operating system can show
 * it. Times are ISO 8601.
 */
export function encode(credential: Credential): Secret {
  const fields = credential.kind === "pat"
    ? patFields(credential)
    : authorizationFields(credential);
  const { kind, host } = credential;
  const text = JSON.stringify({ v: version, kind, host, ...fields });
  return new Secret(
    text.replace(
      /[\u007f-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
}

function patFields(
  { token, obtainedAt, expiresAt, identity, tokenId }: PatCredential,
): object {
  return {
    identity,
    token_id: tokenId,
    token: token.reveal(),
    obtained_at: time(obtainedAt),
    expires_at: expiresAt === undefined ? undefined : time(expiresAt),
  };
}

function authorizationFields(
  { issuer, resource, clientId, clientSecret, tokens, identity }: Authorization,
): object {
  return {
    issuer,
    resource,
    client_id: clientId,
    client_secret: clientSecret?.reveal(),
    identity,
    access_token: tokens.accessToken.reveal(),
    token_type: tokens.tokenType,
    expires_at: tokens.expiresAt === undefined ? undefined : time(tokens.expiresAt),
    obtained_at: time(tokens.obtainedAt),
    refresh_token: tokens.refreshToken?.reveal(),
    scope: tokens.scope,
  };
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** @throws {FobError} `store_corrupt`. */
export function decode(secret: Secret, account: string): Credential {
  const fields = new Fields(secret, account);
  const host = fields.optional("host", "host", fields.text);
  if (fields.kind === "pat") {
    return {
      kind: "pat",
      ...host,
      token: fields.secret("token"),
      obtainedAt: fields.time("obtained_at"),
      ...fields.optional("expiresAt", "expires_at", fields.time),
      ...fields.optional("identity", "identity", fields.text),
      ...fields.optional("tokenId", "token_id", fields.text),
    };
  }
  if (fields.kind === "client") {
    const clientSecret = fields.secret("client_secret");
    return { kind: "client", ...host, ...readAuthorization(fields), clientSecret };
  }
  if (fields.kind === "oauth") return { kind: "oauth", ...host, ...readAuthorization(fields) };
  throw fields.corrupt(`unknown kind ${JSON.stringify(fields.kind).slice(0, 40)}`);
}

function readAuthorization(fields: Fields): Authorization {
  return {
    issuer: fields.text("issuer"),
    clientId: fields.text("client_id"),
    ...fields.optional("resource", "resource", fields.text),
    ...fields.optional("clientSecret", "client_secret", fields.secret),
    ...fields.optional("identity", "identity", fields.text),
    tokens: {
      accessToken: fields.secret("access_token"),
      tokenType: fields.text("token_type"),
      obtainedAt: fields.time("obtained_at"),
      ...fields.optional("expiresAt", "expires_at", fields.time),
      ...fields.optional("refreshToken", "refresh_token", fields.secret),
      ...fields.optional("scope", "scope", fields.text),
    },
  };
}

/** Reads the fields of one entry. A field that is missing or has another type is an error with its name. */
class Fields {
  readonly kind: string;
  readonly #fields: JsonObject;
  readonly #account: string;

  constructor(secret: Secret, account: string) {
    this.#account = account;
    this.#fields = this.#parse(secret);
    if (this.#fields["v"] !== version) {
      const found = JSON.stringify(this.#fields["v"])?.slice(0, 40) ?? "none";
      throw this.corrupt(`its version is ${found}, this fob reads version ${version}`, {
        version: found,
      });
    }
    this.kind = this.text("kind");
  }

  readonly text = (name: string): string => {
    const value = this.#fields[name];
    if (typeof value !== "string") throw this.corrupt(`"${name}" is missing or not a string`);
    return value;
  };

  readonly secret = (name: string): Secret => new Secret(this.text(name));

  readonly time = (name: string): number => {
    const milliseconds = Date.parse(this.text(name));
    if (Number.isNaN(milliseconds)) throw this.corrupt(`"${name}" is not a valid time`);
    return milliseconds;
  };

  optional<K extends string, T>(key: K, name: string, read: (name: string) => T): { [P in K]?: T } {
    return this.#fields[name] === undefined ? {} : { [key]: read(name) } as { [P in K]: T };
  }

  corrupt(why: string, facts: Readonly<Record<string, string>> = {}): FobError {
    return new FobError("store_corrupt", `Cannot read the credential "${this.#account}": ${why}`, {
      facts: { account: this.#account, ...facts },
    });
  }

  #parse(secret: Secret): JsonObject {
    const fields = parseObject(secret.reveal());
    if (fields !== undefined) return fields;
    throw this.corrupt("it is not a JSON object");
  }
}
