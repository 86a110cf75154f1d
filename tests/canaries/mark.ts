/**
 * A part of every secret that a fake server issues. It occurs nowhere else, and is valid in a
 * hexadecimal token and in a part of a JSON Web Token.
 */
export const mark = "ca9a71e50ddba11d";

/** Like {@link mark}, for secrets that only fob and the server may have: refresh tokens and codes. */
export const hiddenMark = "5ec2e7d00dfee1ed";

/** A new secret of 32 characters. */
export function freshCanary(beginning = mark): string {
  return beginning + crypto.getRandomValues(new Uint8Array(8)).toHex();
}
