import { FobError } from "../../errors.ts";
import type { Profile } from "../../profiles/profile.ts";
import { Secret } from "../../secret.ts";
import type { CommandContext } from "../context.ts";
import { askSecret } from "./prompts.ts";

/** The largest secret that is read, bytes. */
const secretLimit = 64 * 1024;

/** The kind of a secret. */
export type SecretKind = "token" | "client-secret" | "password";

/**
 * Reads a secret from standard input, or from a masked prompt if standard input is a terminal.
 *
 * @throws {FobError} `usage` if the text is empty or is not one secret.
 */
export async function readSecret(
  what: SecretKind,
  { name }: Profile,
  context: CommandContext,
): Promise<Secret> {
  const { io: { terminal } } = context;
  const shown = what.replace("-", " ");
  const text = terminal.inputIsTerminal
    ? await askSecret(
      `Paste the ${shown} for "${name}"`,
      `fob auth login ${name} ${what === "password" ? "--username NAME" : `--with-${what}`} < FILE`,
      context,
    )
    : await terminal.readInput(secretLimit);
  return parseSecret(text, what, "Standard input");
}

/**
 * Reads `text` as one secret. `where`: the origin of the text, for errors.
 *
 * @throws {FobError} `usage` if the text is empty or is not one secret.
 */
export function parseSecret(text: string, what: SecretKind, where: string): Secret {
  const shown = what.replace("-", " ");
  // A password may contain spaces.
  const isPassword = what === "password";
  const secret = isPassword ? text.replace(/\r?\n$/, "") : text.trim();
  if (secret === "") throw new FobError("usage", `${where} contains no ${shown}`);
  if ((isPassword ? /\p{Cc}/u : /[\p{Cc}\s]/u).test(secret)) {
    throw new FobError(
      "usage",
      `${where} contains more than one ${shown}: it has spaces or several lines`,
    );
  }
  return new Secret(secret);
}
