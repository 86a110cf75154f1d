import type { Storage } from "../../credentials/storage.ts";
import type { System } from "../../system/files/paths.ts";

/** Turns the sentence `detail` into a clause: "because …". */
export function because(detail: string): string {
  return `because ${detail.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`;
}

/** Why this credential is used. `source`: the `source` of the choice. */
export function describeChoice(source: string): string {
  if (isVariable(source)) return `because ${source} is set`;
  if (source.startsWith('rule "')) return `because ${source} matches`;
  if (source === "the command line") return "because the command line names it";
  if (/^\w+ of "/.test(source)) return `because of ${source}`;
  return source === "default_profile" ? "because it is the default" : `because it is ${source}`;
}

/** Where a credential is stored, whether in plaintext, and the reason if plaintext is a fallback. */
export function describePlace(
  store: string,
  inPlaintext: boolean | undefined,
  reason?: string,
): string {
  const why = reason === undefined ? "" : `, ${because(reason)}`;
  return `${store}${inPlaintext ? ", in plaintext" : ""}${why}`;
}

/** The plaintext file, as hints call it. Windows has no file modes. */
export function plaintextFile(system: System = Deno.build.os): string {
  return system === "windows" ? "a file in %LocalAppData%" : "a 0600 file";
}

/** The storage mode and its source. */
export function describeMode({ mode, source, explicit }: Storage["chosen"]): string {
  if (!explicit) return `${mode} (default)`;
  return `${mode} (${source})`;
}

function isVariable(source: string): boolean {
  return /^[A-Z_][A-Z0-9_]*$/.test(source);
}
