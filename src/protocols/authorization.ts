import { FobError } from "../errors.ts";
import type { Answer } from "./protocol.ts";

/**
 * The value of the `Authorization` header for `answer` (RFC 9110 section 11.4). Token types are case
 * insensitive (RFC 6749 section 5.1), but some APIs accept only `Bearer`, so that spelling is used.
 *
 * @throws {FobError} `provider_answer_invalid` if the type or the token is not valid in a header.
 */
export function authorization(answer: Answer): string {
  const { tokenType = "Bearer" } = answer;
  if (!/^[A-Za-z0-9-]+$/.test(tokenType)) throw invalidInHeader();
  return `${isBearer(tokenType) ? "Bearer" : tokenType} ${headerToken(answer)}`;
}

/** The token alone, for tools that add the type themselves or use none. Throws the same error. */
export function headerToken({ secret }: Answer): string {
  const token = secret.reveal();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw invalidInHeader();
}

/** The stored secret as the complete header value. Throws the same error. */
export function headerValue({ secret }: Answer): string {
  const value = secret.reveal();
  if (/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value)) return value;
  throw invalidInHeader();
}

function invalidInHeader(): FobError {
  return new FobError(
    "provider_answer_invalid",
    "The token cannot be sent in a header: it contains invalid characters",
    { facts: { credential: "invalid" } },
  );
}

/** Whether `tokenType` is `Bearer` (RFC 6750), in any case. */
export function isBearer(tokenType: string | undefined): boolean {
  return tokenType?.toLowerCase() === "bearer";
}

/** Whether one of the `challenges`, values of `WWW-Authenticate`, has the scheme `scheme`. */
export function hasChallenge(challenges: readonly string[], scheme: string): boolean {
  return challenges.some((text) =>
    text.toLowerCase().split(",").some((part) => part.trim().split(/\s/, 1)[0] === scheme)
  );
}

/** Whether one of the `challenges` rejects the sent token (RFC 6750 section 3.1). */
export function refusesToken(challenges: readonly string[]): boolean {
  return challenges.some((text) => /\berror\s*=\s*"?invalid_token\b/i.test(text));
}
