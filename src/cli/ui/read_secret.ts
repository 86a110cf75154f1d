import { FobError } from "../../errors.ts";
import type { Profile } from "../../profiles/profile.ts";
import { Secret } from "../../secret.ts";
import type { CommandContext } from "../context.ts";
import { askSecret } from "./prompts.ts";

/** Bytes that a secret may have. */
const secretLimit = 64 * 1024;

/** What a secret is for. */
export type SecretKind = "token" | "client-secret" | "password";

/**
 * What a person brings along for a login, from standard input or a masked prompt.
 *
 * @throws {FobError} `usage` for what cannot be one secret.
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
  return secretIn(text, what, "Standard input");
}

/**
 * The secret that `text` is, from `where`.
 *
 * @throws {FobError} `usage` for what cannot be one secret.
 */
export function secretIn(text: string, what: SecretKind, where: string): Secret {
  const shown = what.replace("-", " ");
  // A password may have spaces anywhere.
  const isPassword = what === "password";
  const secret = isPassword ? text.replace(/\r?\n$/, "") : text.trim();
  if (secret === "") throw new FobError("usage", `${where} holds no ${shown}`);
  if ((isPassword ? /\p{Cc}/u : /[\p{Cc}\s]/u).test(secret)) {
    throw new FobError(
      "usage",
      `${where} holds more than a ${shown}: there are spaces or several lines`,
    );
  }
  return new Secret(secret);
}
