import type { Choice, ChoiceNeeds } from "./choose.ts";
import { type VariableSource, variableSources } from "./credential_sources.ts";
import { originsOf } from "./profile.ts";
import type { Profiles } from "./profile_file.ts";
import { tryRule } from "./rule_match.ts";
import { readRules, sourceOf } from "./rules.ts";

/** One of those that could choose a credential, in the order in which they are asked. */
export interface Candidate {
  readonly source: string;
  /**
   * `passed`: it has nothing to say, or nothing that counts; `failed`: what it says cannot be; `late`: it comes
   * after the one that chose or failed.
   */
  readonly state: "chose" | "passed" | "failed" | "late";
  /** Why, as a clause. Never a secret. */
  readonly detail: string;
}

interface Found extends Omit<Candidate, "state"> {
  readonly says: boolean;
  /** Whether it counts for one platform alone. */
  readonly isForOne?: true;
}

/**
 * All that could choose, and why they did not, but for the one that did. `choice` is absent where none did, or
 * where the one that was to choose could not.
 *
 * @throws {FobError} `config_invalid` where a rule is none.
 */
export async function explainChoice(
  named: string | undefined,
  choice: Choice | undefined,
  needs: ChoiceNeeds,
): Promise<Candidate[]> {
  const profiles = await needs.profiles();
  const found = [
    stated(
      "the command line",
      named !== undefined,
      choice === undefined || choice.kind === "profile"
        ? "it names a profile or host"
        : "the profile that it names leaves open how it signs in",
      "it names none",
    ),
    ...variables(needs, choice),
    ...await rules(profiles, named, needs),
    ...last(profiles),
  ];
  // What a platform's variable says may not count, so that the first to say something need not be the one.
  const end = choice === undefined
    ? found.findIndex(({ says, isForOne }) => says && !isForOne)
    : found.findIndex(({ source }) => source === choice.source);
  const atEnd = choice === undefined ? "failed" : "chose";
  return found.map(({ source, says, detail }, index) => ({
    source,
    detail,
    state: index === end ? atEnd : says && end >= 0 && index > end ? "late" : "passed",
  }));
}

function stated(source: string, says: boolean, yes: string, no: string): Found {
  return { source, says, detail: says ? yes : no };
}

const ownDetail = "it is set, and counts where no other platform's login is chosen";

/** In the order of the choice. Of the platforms' own variables only those that are set: the others are not missed. */
function variables({ environment, platforms }: ChoiceNeeds, choice: Choice | undefined): Found[] {
  const isSet = (name: string): boolean => environment.get(name) !== undefined;
  const sources = variableSources(platforms).filter(({ name, kind, platform }) =>
    kind !== "place" && (platform === undefined || isSet(name) || name === choice?.source)
  );
  const found = (kinds: readonly VariableSource["kind"][]): Found[] =>
    sources.filter(({ kind }) => kinds.includes(kind)).map(({ name, platform }) =>
      platform === undefined
        ? variable(name, isSet)
        : { source: name, says: true, isForOne: true, detail: ownDetail }
    );
  // A program may also sign in by a variable that decides only with others.
  const isOther = choice?.kind === "machine" && !sources.some(({ name }) => name === choice.source);
  const machine = isOther
    ? [stated(choice.source, true, "a program signs in by what is set", "")]
    : [];
  return [...found(["token", "program"]), ...machine, ...found(["profile"])];
}

function variable(name: string, isSet: (name: string) => boolean): Found {
  return stated(name, isSet(name), "it is set", "it is not set");
}

async function rules(
  profiles: Profiles,
  named: string | undefined,
  { here }: ChoiceNeeds,
): Promise<Found[]> {
  const spot = { here, ...(named === undefined ? {} : { origins: originsOf(named) }) };
  const found: Found[] = [];
  for (const rule of readRules(profiles.ruleSections(), profiles.path)) {
    const { holds, detail } = await tryRule(rule, spot);
    found.push({ source: sourceOf(rule), says: holds, detail });
  }
  return found;
}

function last(profiles: Profiles): Found[] {
  const usual = profiles.setting("default_profile") ?? profiles.byDefault();
  const [only, ...others] = profiles.names();
  const count = others.length + (only === undefined ? 0 : 1);
  return [
    stated("default_profile", usual !== undefined, `it is "${usual}"`, "none is set"),
    stated(
      `the only profile in "${profiles.path}"`,
      count === 1,
      `it is "${only}"`,
      `there are ${count}`,
    ),
  ];
}
