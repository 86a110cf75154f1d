import { FobError } from "../errors.ts";
import { readAnswer } from "../oauth/answer.ts";
import type { Lookup } from "../oauth/metadata.ts";
import { Secret } from "../secret.ts";
import { foreignText } from "../text/printable.ts";

/** The password sign-in of Houston, the API of a private Astro (astro-cli, houston/auth.go). */
const query = `mutation createBasicToken($identity: String, $password: String!) {
  createToken(identity: $identity, password: $password) { token { value } }
}`;

/** The fields of the GraphQL response that are read; each may be missing. */
interface Answer {
  readonly data?: {
    readonly createToken?: { readonly token?: { readonly value?: unknown } | null } | null;
  } | null;
  readonly errors?: readonly { readonly message?: unknown }[];
}

/**
 * Exchanges a password for a token of the API at `host`. The expiry of the token is unknown.
 *
 * @throws {FobError} `provider_refused` with the API's message, without the password.
 */
export async function tokenForPassword(
  host: URL,
  username: string,
  password: Secret,
  { fetch }: Lookup,
): Promise<Secret> {
  const response = await fetch(host.href, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { identity: username, password: password.reveal() } }),
  });
  const what = `"${foreignText(host.origin)}"`;
  const read = async (it: Response): Promise<Answer | null> => await it.json();
  const answer = await readAnswer(what, response, read, [password]);
  const value = answer?.data?.createToken?.token?.value;
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) return new Secret(value);
  const said = answer?.errors?.[0]?.message;
  const why = typeof said === "string"
    ? `: "${foreignText(said.replaceAll(password.reveal(), "[secret]"))}"`
    : "";
  throw new FobError("provider_refused", `${what} returned no token for "${username}"${why}`);
}
