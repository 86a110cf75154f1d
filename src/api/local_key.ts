import { Secret } from "../secret.ts";

/** The number of bytes of a local secret. */
const size = 32;

/**
 * Returns a random secret for this run and this computer. It has only hexadecimal digits, to be valid in URLs.
 */
export function makeLocalSecret(): Secret {
  const bytes = crypto.getRandomValues(new Uint8Array(size));
  return new Secret(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}

/** Whether `text` equals `secret`. The time of the comparison depends only on the length. */
export function isSecret(text: string, secret: Secret): boolean {
  const [sent, right] = [text, secret.reveal()].map((it) => new TextEncoder().encode(it));
  if (sent === undefined || right === undefined || sent.length !== right.length) return false;
  return sent.reduce((difference, byte, index) => difference | byte ^ (right[index] ?? 0), 0) === 0;
}
