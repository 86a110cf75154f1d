import { FobError } from "../errors.ts";
import type { Answer } from "./protocol.ts";

/**
 * The value of the `Authorization` header that carries `answer` (RFC 9110 section 11.4). Servers give the
 * type in any case (RFC 6749 section 5.1), which not all that take it do.
 *
 * @throws {FobError} `provider_answer_invalid` for what no header carries.
 */
export function authorization(answer: Answer): string {
  const { tokenType = "Bearer" } = answer;
  if (!/^[A-Za-z0-9-]+$/.test(tokenType)) throw unfit();
  return `${isBearer(tokenType) ? "Bearer" : tokenType} ${headerToken(answer)}`;
}

/** The token alone, for what puts the type before it itself, or has none. Throws the same. */
export function headerToken({ secret }: Answer): string {
  const token = secret.reveal();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw unfit();
}

/** The whole value of the header, as somebody gave it. Throws the same. */
export function headerValue({ secret }: Answer): string {
  const value = secret.reveal();
  if (/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value)) return value;
  throw unfit();
}

function unfit(): FobError {
  return new FobError("provider_answer_invalid", "The credential at hand is no token for a header");
}

/** Whether `tokenType` is that of RFC 6750. */
export function isBearer(tokenType: string | undefined): boolean {
  return tokenType?.toLowerCase() === "bearer";
}

/** Whether one of the `challenges`, values of `WWW-Authenticate`, is of `scheme`. */
export function hasChallenge(challenges: readonly string[], scheme: string): boolean {
  return challenges.some((text) =>
    text.toLowerCase().split(",").some((part) => part.trim().split(/\s/, 1)[0] === scheme)
  );
}

/** Whether one of the `challenges` says that the token that was sent is no good (RFC 6750 section 3.1). */
export function refusesToken(challenges: readonly string[]): boolean {
  return challenges.some((text) => /\berror\s*=\s*"?invalid_token\b/i.test(text));
}
