import { FobError } from "../errors.ts";
import type { RuleSection } from "./profile_file.ts";
import { directoryProblem, hostProblem, remoteProblem } from "./rule_patterns.ts";

/** What a rule asks about: the directory that fob runs in, a remote of its repository, the host that is asked for. */
const conditionKinds = ["directory", "remote", "host"] as const;

export type ConditionKind = typeof conditionKinds[number];

/** A line of a rule: what is so. */
export interface Condition {
  readonly kind: ConditionKind;
  readonly pattern: string;
}

/** Which profile answers where. Of several lines of one kind, one has to be so; of the kinds, each that there is. */
export interface Rule {
  readonly name: string;
  readonly profile: string;
  /** In the order of the file; at least one. */
  readonly conditions: readonly Condition[];
}

/** Who chose, as the choice of a credential calls it. */
export function sourceOf({ name }: Pick<Rule, "name">): string {
  return `rule "${name}"`;
}

/**
 * The rules of the profile file at `path`.
 *
 * @throws {FobError} `config_invalid`, with the line, for what is no rule: to leave it out could let another
 * profile answer than was meant.
 */
export function readRules(sections: readonly RuleSection[], path: string): Rule[] {
  return sections.map((section) => readRule(section, path));
}

const problems = {
  directory: directoryProblem,
  remote: remoteProblem,
  host: hostProblem,
} as const;

function readRule({ section, statements }: RuleSection, path: string): Rule {
  const wrong = (number: number, why: string): FobError =>
    new FobError("config_invalid", `Line ${number} of "${path}" makes no rule: ${why}`, {
      facts: { path },
    });
  const [header, again] = statements.filter(({ key }) => key === "");
  const start = header?.number ?? 1;
  const name = /^rule "([^"\p{Cc}]{1,64})"$/u.exec(section)?.[1];
  if (name === undefined) throw wrong(start, 'it has to begin with [rule "NAME"]');
  if (again !== undefined) throw wrong(again.number, `there is a rule "${name}" already`);
  let profile: string | undefined;
  const conditions: Condition[] = [];
  for (const { number, key, value } of statements.filter(({ key }) => key !== "")) {
    const kind = conditionKinds.find((known) => known === key);
    // Whatever else stands there may be a secret that got there by mistake.
    if (kind === undefined && key !== "profile") {
      throw wrong(number, `it has a key beside ${conditionKinds.join(", ")} and profile`);
    }
    if (value === "") throw wrong(number, `"${key}" has no value`);
    if (kind !== undefined) {
      const problem = problems[kind](value);
      if (problem !== undefined) throw wrong(number, problem);
      conditions.push({ kind, pattern: value });
    } else if (profile !== undefined) throw wrong(number, "it names two profiles");
    else profile = value;
  }
  if (profile === undefined) throw wrong(start, `rule "${name}" names no profile`);
  if (conditions.length === 0) {
    throw wrong(start, `rule "${name}" has no ${conditionKinds.join(", no ")}`);
  }
  return { name, profile, conditions };
}
