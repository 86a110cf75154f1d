import type { Script } from "./script.ts";

/** What a check found. Where it `holds`, a line that begins with `!` fails, and the reverse. */
export interface Finding {
  /** `undefined`: partly, which fails either way. */
  readonly holds: boolean | undefined;
  /** What was found, for whom it fails. */
  readonly detail: string;
}

/** A word that script lines begin with. One that finds nothing cannot be negated. */
export interface Verb {
  /** The line's form: `[X]` may be left out, `…` stands for more of the same. */
  readonly usage: string;
  readonly run: (
    script: Script,
    args: readonly string[],
  ) => Promise<Finding | void> | Finding | void;
}

/** Whether as many arguments are given as the verb's usage asks for. */
export function fits({ usage }: Verb, args: readonly string[]): boolean {
  const [, ...forms] = usage.split(" ");
  const required = forms.filter((form) => !form.startsWith("[")).length;
  return args.length >= required && (args.length <= forms.length || usage.includes("…"));
}

/** A number as a script says it. */
export function numberOf(word: string): number {
  const value = Number(word);
  if (word === "" || !Number.isFinite(value)) throw new Error(`Not a number: "${word}"`);
  return value;
}
