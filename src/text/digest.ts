import type { Secret } from "../secret.ts";

/** Returns the SHA-256 of a token in hexadecimal, to compare tokens without storing them. */
export async function digestOf(token: Secret | undefined): Promise<string> {
  const bytes = new TextEncoder().encode(token?.reveal() ?? "");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
