import type { Profiles } from "../profiles/profile_file.ts";
import { readRules } from "../profiles/rules.ts";
import { type Check, check, fail, ok } from "./check.ts";

/** Dependencies of {@link checkRules}. */
export interface RuleNeeds {
  readonly profiles: () => Promise<Profiles>;
}

/** Checks that each rule is valid and names an existing profile. Returns no check if there are no rules. */
export async function checkRules({ profiles: read }: RuleNeeds): Promise<Check[]> {
  const profiles = await read().catch(() => undefined);
  if (profiles === undefined || profiles.ruleSections().length === 0) return [];
  return [await check("rules", () => validateRules(profiles))];
}

function validateRules(profiles: Profiles): Check {
  const { path } = profiles;
  const rules = readRules(profiles.ruleSections(), path);
  const broken = rules.find(({ profile }) => profiles.get(profile) === undefined);
  if (broken === undefined) {
    return ok("rules", `${rules.length} in "${path}", all with existing profiles`);
  }
  const detail =
    `Rule "${broken.name}" names the profile "${broken.profile}", which does not exist`;
  return fail("rules", detail, "unknown_profile", { path });
}
