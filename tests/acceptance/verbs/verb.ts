import { type Fault, isFault } from "../../fakes/stores/fault.ts";
import type { Script } from "../runner/script.ts";

/** The result of a check. A line that begins with `!` passes only if the check does not hold. */
export interface Finding {
  /** `undefined`: partly true, which always fails. */
  readonly holds: boolean | undefined;
  /** What was found, for the error message. */
  readonly detail: string;
}

/** The first word of a script line. A verb without a finding cannot be negated. */
export interface Verb {
  /** The form of the line: `[X]` is optional, `…` may be repeated. */
  readonly usage: string;
  readonly run: (
    script: Script,
    args: readonly string[],
  ) => Promise<Finding | void> | Finding | void;
}

/** Whether the number of arguments fits the usage of the verb. */
export function fits({ usage }: Verb, args: readonly string[]): boolean {
  const [, ...forms] = usage.split(" ");
  const required = forms.filter((form) => !form.startsWith("[")).length;
  return args.length >= required && (args.length <= forms.length || usage.includes("…"));
}

/** A verb with subcommands: the first argument selects one of `controls`, which gets the rest. */
export function verbOf(
  name: string,
  usage: string,
  controls: Readonly<Record<string, Verb>>,
): Verb {
  const run: Verb["run"] = (script, [word = "", ...args]) => {
    const control = Object.hasOwn(controls, word) ? controls[word] : undefined;
    if (control === undefined) {
      throw new Error(`Unknown control "${word}" (valid: ${Object.keys(controls).join(", ")})`);
    }
    if (!fits(control, args)) throw new Error(`Usage: ${name} ${control.usage}`);
    return control.run(script, args);
  };
  return { usage: `${name} ${usage}`, run };
}

/** Parses the arguments of a `fault` control; `undefined` for `none`. */
export function faultOf<Route extends string>(
  routes: readonly Route[],
  [name = "", kind = "", times = "Infinity"]: readonly string[],
): [Route, Fault | undefined, number] {
  const route = routes.find((known) => known === name);
  if (route === undefined) {
    throw new Error(`Unknown endpoint "${name}" (valid: ${routes.join(", ")})`);
  }
  if (kind !== "none" && !isFault(kind)) throw new Error(`Unknown fault "${kind}"`);
  return [route, kind === "none" ? undefined : kind, Number(times)];
}

/** Parses a number of a script. */
export function numberOf(word: string): number {
  const value = Number(word);
  if (word === "" || !Number.isFinite(value)) throw new Error(`Not a number: "${word}"`);
  return value;
}
