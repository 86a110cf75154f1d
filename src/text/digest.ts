import type { Secret } from "../secret.ts";

/** What tells two tokens apart and is none: SHA-256, as hexadecimal digits. */
export async function digestOf(token: Secret | undefined): Promise<string> {
  const bytes = new TextEncoder().encode(token?.reveal() ?? "");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
