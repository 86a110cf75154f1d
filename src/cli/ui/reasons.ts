import type { Storage } from "../../credentials/storage.ts";
import type { System } from "../../system/files/paths.ts";

/** `detail`, which is a sentence, as the reason for something. */
export function because(detail: string): string {
  return `because ${detail.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`;
}

/** Why it is this credential that answers; `source` is what the choice calls it. */
export function describeChoice(source: string): string {
  if (isVariable(source)) return `because ${source} is set`;
  if (source.startsWith('rule "')) return `because ${source} is for this place`;
  if (source === "the command line") return "because the command line names it";
  if (/^\w+ of "/.test(source)) return `because of ${source}`;
  return source === "default_profile" ? "because it is the default" : `because it is ${source}`;
}

/** Where a credential is kept, whether that is plaintext, and why where nobody asked for that. */
export function describePlace(
  store: string,
  inPlaintext: boolean | undefined,
  reason?: string,
): string {
  const why = reason === undefined ? "" : `, ${because(reason)}`;
  return `${store}${inPlaintext ? ", in plaintext" : ""}${why}`;
}

/** What the plaintext file is, where a person has to choose: on Windows a mode would protect nothing. */
export function plaintextFile(system: System = Deno.build.os): string {
  return system === "windows" ? "a file in %LocalAppData%" : "a 0600 file";
}

/** The storage mode, and why it is that one. */
export function describeMode({ mode, source, explicit }: Storage["chosen"]): string {
  if (!explicit) return `${mode}, because nothing asks for another`;
  return `${mode}, because ${isVariable(source) ? `${source} is set` : `of ${source}`}`;
}

function isVariable(source: string): boolean {
  return /^[A-Z_][A-Z0-9_]*$/.test(source);
}
