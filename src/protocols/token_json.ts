import type { Secret } from "../secret.ts";

/** The fields of a token in JSON. */
export interface TokenFields {
  readonly token: Secret;
  readonly tokenType: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Seconds until expiry, for readers that use it. */
  readonly expiresIn?: number;
}

/**
 * The JSON that Databricks' tools and SDKs read: `access_token`, `token_type`, and if known `expiry` and
 * `expires_in`.
 */
export function formatTokenJson(
  { token, tokenType, expiresAt, expiresIn }: TokenFields,
): string {
  const expiry = expiresAt === undefined ? undefined : formatLocalTime(expiresAt);
  const fields = {
    access_token: token.reveal(),
    token_type: tokenType,
    expiry,
    expires_in: expiresIn,
  };
  return JSON.stringify(fields, undefined, 2) + "\n";
}

/** The last day of RFC 3339, which has years of four digits, minus a day for the time zone. */
const lastTime = Date.UTC(9999, 11, 31);

/**
 * RFC 3339 in local time, with the offset and a fraction that is not zero. The Python SDK cuts the text at the
 * dot and reads the rest as local time: UTC would be hours off, and a text without a dot is an error.
 */
export function formatLocalTime(milliseconds: number): string {
  const time = new Date(Math.min(milliseconds, lastTime));
  const offset = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const fraction = String(time.getUTCMilliseconds() * 1000 || 1).padStart(6, "0");
  return `${local}.${fraction}${formatOffset(offset)}`;
}

function formatOffset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(hours)}:${two(rest)}`;
}
