import type { WorkingDirectory } from "../system/working_directory.ts";
import { readRemotes } from "../text/git_remotes.ts";
import type { Profiles } from "./profile_file.ts";
import { isAtHost, isAtRemote, isInDirectory } from "./rule_patterns.ts";
import { type ConditionKind, readRules, type Rule, sourceOf } from "./rules.ts";

/** What rules are matched against. */
export interface RuleContext {
  /** The origins in the request. Absent if it names no host. */
  readonly origins?: readonly string[];
  readonly workingDirectory: () => Promise<WorkingDirectory>;
}

/** Whether a rule matches, and the reason as a phrase. */
export interface Finding {
  readonly holds: boolean;
  readonly detail: string;
}

/**
 * Returns the profile of the first rule in the file that matches `context`, among the rules with a profile that
 * `isMeant` accepts.
 *
 * @throws {FobError} `config_invalid` for an invalid rule.
 */
export async function chooseRule(
  profiles: Profiles,
  context: RuleContext,
  isMeant: (profile: string) => boolean = () => true,
): Promise<{ readonly profile: string; readonly source: string } | undefined> {
  for (const rule of readRules(profiles.ruleSections(), profiles.path)) {
    if (isMeant(rule.profile) && (await tryRule(rule, context)).holds) {
      return { profile: rule.profile, source: sourceOf(rule) };
    }
  }
  return undefined;
}

/** In this order, the most expensive last. */
const tries: Readonly<
  Record<ConditionKind, (patterns: readonly string[], context: RuleContext) => Promise<Finding>>
> = {
  host: (patterns, context) => Promise.resolve(tryHost(patterns, context)),
  directory: tryDirectory,
  remote: tryRemote,
};

/** Whether `rule` matches `context`. Reads only what its conditions need. */
export async function tryRule({ conditions }: Rule, context: RuleContext): Promise<Finding> {
  const details: string[] = [];
  for (const kind of Object.keys(tries) as ConditionKind[]) {
    const patterns = conditions.filter((it) => it.kind === kind).map(({ pattern }) => pattern);
    if (patterns.length === 0) continue;
    const { holds, detail } = await tries[kind](patterns, context);
    if (!holds) return { holds, detail };
    details.push(detail);
  }
  return { holds: true, detail: details.join(", and ") };
}

function tryHost(patterns: readonly string[], { origins }: RuleContext): Finding {
  if (origins === undefined) return { holds: false, detail: "the request names no host" };
  const found = patterns.find((it) => origins.some((origin) => isAtHost(it, origin)));
  return found === undefined
    ? { holds: false, detail: `"${origins[0]}" does not match ${listed(patterns)}` }
    : { holds: true, detail: `"${origins[0]}" matches ${listed([found])}` };
}

async function tryDirectory(patterns: readonly string[], context: RuleContext): Promise<Finding> {
  const working = await context.workingDirectory();
  const directory = working.directory();
  if (directory === undefined) {
    return { holds: false, detail: "the working directory no longer exists" };
  }
  for (const pattern of patterns) {
    if (await isInDirectory(pattern, working)) {
      return { holds: true, detail: `"${directory}" is in ${listed([pattern])}` };
    }
  }
  return { holds: false, detail: `"${directory}" is not in ${listed(patterns)}` };
}

async function tryRemote(patterns: readonly string[], context: RuleContext): Promise<Finding> {
  const repository = await (await context.workingDirectory()).repository();
  if ("problem" in repository) return { holds: false, detail: repository.problem };
  const remotes = readRemotes(repository.config);
  const found = patterns.find((it) => remotes.some((remote) => isAtRemote(it, remote)));
  return found === undefined
    ? { holds: false, detail: `no remote in "${repository.path}" is at ${listed(patterns)}` }
    : { holds: true, detail: `a remote in "${repository.path}" is at ${listed([found])}` };
}

function listed(patterns: readonly string[]): string {
  return patterns.map((pattern) => `"${pattern}"`).join(" or ");
}
