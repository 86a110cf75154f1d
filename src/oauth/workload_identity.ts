import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { foreignText } from "../text/printable.ts";

/** Reads an environment variable. */
export type ReadVariable = (name: string) => string | undefined;

/** Maximum length of an identity token in characters. */
const longest = 65_536;

/**
 * The identity token in a variable, such as GitLab's `id_tokens:` sets. Throws `not_signed_in`, with the fact
 * `variable` and, in a GitLab job, `ci`.
 */
export function identityTokenInVariable(name: string, get: ReadVariable): Secret {
  const text = get(name);
  const token = new Secret(text?.trim() ?? "");
  const fault = text === undefined ? "is not set" : identityTokenFault(token.reveal());
  if (fault === undefined) return token;
  const variable = foreignText(name);
  throw new FobError("not_signed_in", `The variable "${variable}" ${fault}`, {
    facts: { variable, ...(get("GITLAB_CI") === "true" ? { ci: "gitlab" } : {}) },
  });
}

/**
 * The identity token in a file, such as Kubernetes mounts. `read` returns `undefined` if the file does not
 * exist. Throws `not_signed_in`, with the fact `identity_file`, or `io_failed`.
 */
export async function identityTokenInFile(
  path: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<Secret> {
  const shown = `"${foreignText(path)}"`;
  const text = await read(path).catch((cause: unknown) => {
    if (cause instanceof FobError) throw cause;
    throw new FobError("io_failed", `Cannot read the identity token file ${shown}`, { cause });
  });
  const token = new Secret(text?.trim() ?? "");
  const fault = text === undefined ? "does not exist" : identityTokenFault(token.reveal());
  if (fault === undefined) return token;
  throw new FobError("not_signed_in", `The identity token file ${shown} ${fault}`, {
    facts: { identity_file: foreignText(path) },
  });
}

/**
 * What is wrong with an identity token, as a predicate for a message; `undefined` if it is a JSON Web Token
 * (RFC 7519 section 3). fob sends nothing else to a server: it might be a private key.
 */
export function identityTokenFault(text: string): string | undefined {
  if (text === "") return "is empty";
  if (text.length > longest) return "is longer than 64 KiB";
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) ? undefined : "does not contain a JSON Web Token";
}
