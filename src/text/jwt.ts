import { type JsonObject, parseObject } from "./json_object.ts";

/** The last millisecond that a `Date` can hold. */
const endOfTime = 8.64e15;

/** What a JSON Web Token says of its life: milliseconds since the epoch, absent where it says nothing. */
export interface JwtLife {
  readonly expiresAt?: number;
}

/**
 * What `text` says of its life, RFC 7519 section 4.1.4; `undefined` where it is no JSON Web Token. Nobody
 * has checked its signature, and whoever is sent it will.
 */
export function readJwtLife(text: string): JwtLife | undefined {
  const [, head = "", body = ""] = /^([\w-]+)\.([\w-]+)\.[\w-]+$/.exec(text) ?? [];
  const claims = readObject(body);
  if (readObject(head) === undefined || claims === undefined) return undefined;
  const { exp } = claims;
  if (exp === undefined) return {};
  if (typeof exp !== "number" || exp < 0) return undefined;
  return { expiresAt: Math.min(exp * 1000, endOfTime) };
}

function readObject(part: string): JsonObject | undefined {
  try {
    const bytes = Uint8Array.fromBase64(part, { alphabet: "base64url" });
    return parseObject(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
