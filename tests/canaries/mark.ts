/**
 * What every secret has in it that a fake server issues: it occurs nowhere else, and is as good in a token
 * that is written in hexadecimal as in a part of a JSON Web Token.
 */
export const mark = "ca9a71e50ddba11d";

/** As {@link mark}, of what is between fob and the server: refresh tokens and codes. Nobody else is given them. */
export const hiddenMark = "5ec2e7d00dfee1ed";

/** A secret of 32 characters that nobody has seen before. */
export function freshCanary(beginning = mark): string {
  return beginning + crypto.getRandomValues(new Uint8Array(8)).toHex();
}
