import type { Choice, ChoiceNeeds } from "./choose.ts";
import { type VariableSource, variableSources } from "./credential_sources.ts";
import { originsOf } from "./profile.ts";
import type { Profiles } from "./profile_file.ts";
import { tryRule } from "./rule_match.ts";
import { readRules, sourceOf } from "./rules.ts";

/** A source that can select the credential. */
export interface Candidate {
  readonly source: string;
  /**
   * - `chose`: it selected the credential
   * - `passed`: it is not set, or does not apply
   * - `failed`: its value is invalid
   * - `late`: it is set, but an earlier source chose or failed
   */
  readonly state: "chose" | "passed" | "failed" | "late";
  /** The reason, as a phrase. Never a secret. */
  readonly detail: string;
}

interface Found extends Omit<Candidate, "state"> {
  readonly isSet: boolean;
  /** Set if it applies to one platform only. */
  readonly isForOne?: true;
}

/**
 * Lists every source in order of precedence with its outcome. `choice` is `undefined` if no source chose, or if
 * the first one failed.
 *
 * @throws {FobError} `config_invalid` for an invalid rule.
 */
export async function explainChoice(
  named: string | undefined,
  choice: Choice | undefined,
  needs: ChoiceNeeds,
): Promise<Candidate[]> {
  const profiles = await needs.profiles();
  const found = [
    describeSource(
      "the command line",
      named !== undefined,
      choice === undefined || choice.kind === "profile"
        ? "names a profile or host"
        : "the profile does not say how it signs in",
      "no profile or host given",
    ),
    ...variables(needs, choice),
    ...await rules(profiles, named, needs),
    ...last(profiles),
  ];
  // A platform's variable may not apply, so the first source that is set did not always choose.
  const end = choice === undefined
    ? found.findIndex(({ isSet, isForOne }) => isSet && !isForOne)
    : found.findIndex(({ source }) => source === choice.source);
  const atEnd = choice === undefined ? "failed" : "chose";
  return found.map(({ source, isSet, detail }, index) => ({
    source,
    detail,
    state: index === end ? atEnd : isSet && end >= 0 && index > end ? "late" : "passed",
  }));
}

function describeSource(source: string, isSet: boolean, yes: string, no: string): Found {
  return { source, isSet, detail: isSet ? yes : no };
}

const ownDetail = "set; applies unless a profile of another platform is chosen";

/** In order of precedence. Leaves out the variables of platforms that are not set. */
function variables({ environment, platforms }: ChoiceNeeds, choice: Choice | undefined): Found[] {
  const isSet = (name: string): boolean => environment.get(name) !== undefined;
  const sources = variableSources(platforms).filter(({ name, kind, platform }) =>
    kind !== "place" && (platform === undefined || isSet(name) || name === choice?.source)
  );
  const found = (kinds: readonly VariableSource["kind"][]): Found[] =>
    sources.filter(({ kind }) => kinds.includes(kind)).map(({ name, platform }) =>
      platform === undefined
        ? variable(name, isSet)
        : { source: name, isSet: true, isForOne: true, detail: ownDetail }
    );
  // A workload sign-in may also be selected by a variable that decides only together with others.
  const isOther = choice?.kind === "workload" &&
    !sources.some(({ name }) => name === choice.source);
  const workload = isOther
    ? [describeSource(choice.source, true, "selects a workload sign-in", "")]
    : [];
  return [...found(["token", "workload"]), ...workload, ...found(["profile"])];
}

function variable(name: string, isSet: (name: string) => boolean): Found {
  return describeSource(name, isSet(name), "set", "not set");
}

async function rules(
  profiles: Profiles,
  named: string | undefined,
  { workingDirectory }: ChoiceNeeds,
): Promise<Found[]> {
  const context = {
    workingDirectory,
    ...(named === undefined ? {} : { origins: originsOf(named) }),
  };
  const found: Found[] = [];
  for (const rule of readRules(profiles.ruleSections(), profiles.path)) {
    const { holds, detail } = await tryRule(rule, context);
    found.push({ source: sourceOf(rule), isSet: holds, detail });
  }
  return found;
}

function last(profiles: Profiles): Found[] {
  const usual = profiles.setting("default_profile") ?? profiles.byDefault();
  const [only, ...others] = profiles.names();
  const count = others.length + (only === undefined ? 0 : 1);
  return [
    describeSource("default_profile", usual !== undefined, `"${usual}"`, "not set"),
    describeSource(
      `the only profile in "${profiles.path}"`,
      count === 1,
      `"${only}"`,
      `${count} profiles`,
    ),
  ];
}
