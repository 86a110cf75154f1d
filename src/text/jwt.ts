import { type JsonObject, parseObject } from "./json_object.ts";

/** The maximum time value of a `Date`, in milliseconds. */
const endOfTime = 8.64e15;

/** The expiry of a JSON Web Token in milliseconds since the epoch. Absent if it has none. */
export interface JwtLife {
  readonly expiresAt?: number;
}

/**
 * Reads the expiry of the JSON Web Token `text` (RFC 7519 section 4.1.4). Returns `undefined` for any other text.
 * Does not verify the signature: the server that receives the token does.
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
