import { FobError } from "../../errors.ts";
import { clockSkew } from "../../oauth/clock_skew.ts";
import { boundedFetch } from "../../oauth/http.ts";
import { retryAfter } from "../../oauth/retry.ts";
import { present } from "../../present.ts";
import { Secret } from "../../secret.ts";
import { isObject, type JsonObject, objectOf } from "../../text/json_object.ts";
import { foreignText } from "../../text/printable.ts";
import type { TokenApiNeeds } from "../platform.ts";
import type { IssuedToken, MintedToken, MintOptions, TokenIssuer } from "../token_issuer.ts";
import { isAccountHost } from "./account_host.ts";

const paths = {
  me: "/api/2.0/preview/scim/v2/Me",
  create: "/api/2.0/token/create",
  list: "/api/2.0/token/list",
  delete: "/api/2.0/token/delete",
} as const;

/** A successful response. */
interface Answer {
  readonly fields: JsonObject;
  readonly headers: Headers;
}

/** Sends a request with the token `by`: a POST if there is a body. Throws unless the response is a success. */
type Ask = (path: string, by: Secret, body?: object) => Promise<Answer>;

/** Returns the API for personal access tokens at `host`, or `undefined` for the accounts console, which has none. */
export function tokensOf(host: string, needs: TokenApiNeeds): TokenIssuer | undefined {
  return isAccountHost(host) ? undefined : databricksTokens(host, needs);
}

/** Returns the API for personal access tokens of the Databricks workspace at `host`. */
export function databricksTokens(host: string, needs: TokenApiNeeds): TokenIssuer {
  const ask = askerOf(host, needs);
  return {
    host,
    async identify(token): Promise<string> {
      const { fields: { userName } } = await ask(paths.me, token);
      // The name is compared and printed, so it must not contain unprintable characters.
      if (isText(userName) && foreignText(userName) === userName) return userName;
      throw oddAnswer(paths.me, host);
    },
    async mint(by, { comment, lifetime }: MintOptions): Promise<MintedToken> {
      const sentAt = needs.now();
      const body = { lifetime_seconds: Math.ceil(lifetime / 1000), comment };
      const { fields, headers } = await ask(paths.create, by, body);
      const { token_value: value, token_info: info } = fields;
      const issued = issuedToken(info, headers, needs.now());
      if (issued === undefined || !isText(value)) throw oddAnswer(paths.create, host);
      return { expiresAt: sentAt + lifetime, ...issued, token: new Secret(value) };
    },
    async list(by): Promise<IssuedToken[]> {
      const { fields: { token_infos: infos = [] }, headers } = await ask(paths.list, by);
      const tokens = Array.isArray(infos)
        ? infos.map((info) => issuedToken(info, headers, needs.now()))
        : [undefined];
      if (tokens.every((token) => token !== undefined)) return tokens;
      throw oddAnswer(paths.list, host);
    },
    async revoke(by, id): Promise<void> {
      try {
        await ask(paths.delete, by, { token_id: id });
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

function askerOf(host: string, needs: TokenApiNeeds): Ask {
  const send = boundedFetch(needs);
  return async (path, by, body) => {
    const response = await send(host + path, {
      headers: {
        accept: "application/json",
        authorization: `Bearer ${by.reveal()}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    const { headers } = response;
    const fields: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw failure(response, objectOf(fields), host + path, needs.now());
    // A login page of the network must not count as an empty list.
    if (!isObject(fields)) throw oddAnswer(path, host);
    return { fields, headers };
  };
}

/** A 404 alone is not enough: the API may not exist. */
function isGone(error: unknown): boolean {
  return error instanceof FobError && error.facts["error"] === "RESOURCE_DOES_NOT_EXIST";
}

/**
 * Reads a token. The server sends times in milliseconds since the epoch by its own clock, or -1 for no expiry
 * (databricks-sdk-go, service/settings/model.go). The `Date` header corrects the difference to this clock.
 */
function issuedToken(info: unknown, headers: Headers, now: number): IssuedToken | undefined {
  const { token_id: id, comment, expiry_time: end } = objectOf(info);
  if (!isText(id)) return undefined;
  const skew = (clockSkew(headers, now) ?? 0) * 1000;
  return {
    id,
    comment: typeof comment === "string" ? comment : "",
    ...(typeof end === "number" && end >= 0 ? { expiresAt: end - skew } : {}),
  };
}

function oddAnswer(path: string, host: string): FobError {
  const message = `"${host}${path}" returned an unexpected response`;
  return new FobError("provider_answer_invalid", message);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** The error for a response that is not a success. Contains only the error code of the body. */
function failure(
  { status, headers }: Response,
  { error_code: code }: JsonObject,
  address: string,
  now: number,
): FobError {
  const error = typeof code === "string" && /^[A-Z_]{1,60}$/.test(code) ? code : undefined;
  const message = `"${address}" answered HTTP ${status}${error ? ` (${error})` : ""}`;
  const wait = retryAfter(headers, now);
  const facts = {
    status: String(status),
    ...present({ error }),
    ...(wait === undefined ? {} : { retry_after: String(Math.ceil(wait / 1000)) }),
  };
  if (status >= 500 || status === 429) {
    return new FobError("provider_unreachable", message, { facts });
  }
  if (status < 400) return new FobError("provider_answer_invalid", message, { facts });
  return new FobError("provider_refused", message, { facts });
}
