import { Secret } from "../secret.ts";

/** Bytes of a secret that is made for one run. */
const size = 32;

/** A secret for this computer alone: nobody else takes it. Only of letters and digits, to go anywhere. */
export function makeLocalSecret(): Secret {
  const bytes = crypto.getRandomValues(new Uint8Array(size));
  return new Secret(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}

/** Whether `text`, which anybody may have sent, is `secret`. How long it takes tells no more than the length. */
export function isSecret(text: string, secret: Secret): boolean {
  const [sent, right] = [text, secret.reveal()].map((it) => new TextEncoder().encode(it));
  if (sent === undefined || right === undefined || sent.length !== right.length) return false;
  return sent.reduce((difference, byte, index) => difference | byte ^ (right[index] ?? 0), 0) === 0;
}
