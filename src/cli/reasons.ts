import type { Storage } from "../credentials/storage.ts";

/** `detail`, which is a sentence, as the reason for something. */
export function because(detail: string): string {
  return `because ${detail.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`;
}

/** The storage mode, and why it is that one. */
export function describeMode({ mode, source, explicit }: Storage["chosen"]): string {
  if (!explicit) return `${mode}, because nothing asks for another`;
  const isVariable = /^[A-Z_]+$/.test(source);
  return `${mode}, because ${isVariable ? `${source} is set` : `of ${source}`}`;
}
