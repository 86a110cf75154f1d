import { type Fault, isFault } from "../../fakes/stores/fault.ts";
import type { Script } from "../runner/script.ts";

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

/** A verb whose first argument is one of `controls`, and the rest are that one's. */
export function verbOf(
  name: string,
  usage: string,
  controls: Readonly<Record<string, Verb>>,
): Verb {
  const run: Verb["run"] = (script, [word = "", ...args]) => {
    const control = Object.hasOwn(controls, word) ? controls[word] : undefined;
    if (control === undefined) {
      throw new Error(`Unknown control "${word}": ${Object.keys(controls).join(", ")}`);
    }
    if (!fits(control, args)) throw new Error(`Usage: ${name} ${control.usage}`);
    return control.run(script, args);
  };
  return { usage: `${name} ${usage}`, run };
}

/** A fault of `kind` at one of `routes`, as a script says them; `undefined` is none. */
export function faultOf<Route extends string>(
  routes: readonly Route[],
  [name = "", kind = "", times = "Infinity"]: readonly string[],
): [Route, Fault | undefined, number] {
  const route = routes.find((known) => known === name);
  if (route === undefined) throw new Error(`Unknown endpoint "${name}": ${routes.join(", ")}`);
  if (kind !== "none" && !isFault(kind)) throw new Error(`Unknown fault "${kind}"`);
  return [route, kind === "none" ? undefined : kind, Number(times)];
}

/** A number as a script says it. */
export function numberOf(word: string): number {
  const value = Number(word);
  if (word === "" || !Number.isFinite(value)) throw new Error(`Not a number: "${word}"`);
  return value;
}
