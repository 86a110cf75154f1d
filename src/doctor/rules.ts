import type { Profiles } from "../profiles/profile_file.ts";
import { readRules } from "../profiles/rules.ts";
import { type Check, check, fail, ok } from "./check.ts";

/** What the check of the rules needs. */
export interface RuleNeeds {
  readonly profiles: () => Promise<Profiles>;
}

/** That each rule is one, and that its profile is there; no line where there are none. */
export async function checkRules({ profiles: read }: RuleNeeds): Promise<Check[]> {
  const profiles = await read().catch(() => undefined);
  if (profiles === undefined || profiles.ruleSections().length === 0) return [];
  return [await check("rules", () => examineRules(profiles))];
}

function examineRules(profiles: Profiles): Check {
  const { path } = profiles;
  const rules = readRules(profiles.ruleSections(), path);
  const astray = rules.find(({ profile }) => profiles.get(profile) === undefined);
  if (astray === undefined) {
    return ok("rules", `${rules.length} in "${path}", each for a profile that is there`);
  }
  const detail = `Rule "${astray.name}" is for the profile "${astray.profile}", which there is not`;
  return fail("rules", detail, "unknown_profile", { path });
}
