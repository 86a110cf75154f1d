import { FobError } from "../errors.ts";
import type { RuleSection } from "./profile_file.ts";
import { directoryProblem, hostProblem, remoteProblem } from "./rule_patterns.ts";

/** The conditions: the working directory, a remote of its repository, the requested host. */
const conditionKinds = ["directory", "remote", "host"] as const;

export type ConditionKind = typeof conditionKinds[number];

/** One condition line of a rule. */
export interface Condition {
  readonly kind: ConditionKind;
  readonly pattern: string;
}

/** Selects a profile. At least one condition of each kind that the rule has must match. */
export interface Rule {
  readonly name: string;
  readonly profile: string;
  /** In file order; at least one. */
  readonly conditions: readonly Condition[];
}

/** The source of a choice that a rule made. */
export function sourceOf({ name }: Pick<Rule, "name">): string {
  return `rule "${name}"`;
}

/**
 * Reads the rules of the profile file at `path`.
 *
 * @throws {FobError} `config_invalid` with the line of an invalid rule. Skipping that rule could select the wrong
 * profile.
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
    new FobError("config_invalid", `Invalid rule in "${path}", line ${number}: ${why}`, {
      facts: { path },
    });
  const [header, again] = statements.filter(({ key }) => key === "");
  const start = header?.number ?? 1;
  const name = /^rule "([^"\p{Cc}]{1,64})"$/u.exec(section)?.[1];
  if (name === undefined) throw wrong(start, 'the section must be [rule "NAME"]');
  if (again !== undefined) throw wrong(again.number, `rule "${name}" is already defined`);
  let profile: string | undefined;
  const conditions: Condition[] = [];
  for (const { number, key, value } of statements.filter(({ key }) => key !== "")) {
    const kind = conditionKinds.find((known) => known === key);
    if (kind === undefined && key !== "profile") throw wrong(number, unknownKey(name, key, value));
    if (value === "") throw wrong(number, `"${key}" has no value`);
    if (kind !== undefined) {
      const problem = problems[kind](value);
      if (problem !== undefined) throw wrong(number, problem);
      conditions.push({ kind, pattern: value });
    } else if (profile !== undefined) throw wrong(number, '"profile" is set twice');
    else profile = value;
  }
  if (profile === undefined) throw wrong(start, `rule "${name}" has no profile`);
  if (conditions.length === 0) {
    throw wrong(start, `rule "${name}" needs a condition (${conditionKinds.join(", ")})`);
  }
  return { name, profile, conditions };
}

/** Quotes only a key that looks like one: any other text may be a misplaced secret. */
function unknownKey(rule: string, key: string, value: string): string {
  const shown = /^[a-z_]{1,20}$/i.test(key) && value !== "" && !value.startsWith("=")
    ? ` "${key}"`
    : "";
  return `unknown key${shown} in [rule "${rule}"] (allowed: ${conditionKinds.join(", ")}, profile)`;
}
