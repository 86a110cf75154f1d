import { FobError } from "../errors.ts";
import { shownName } from "../text/address.ts";
import {
  addressOfProfile,
  type DatabricksProfile,
  type DatabricksProfiles,
} from "./config_file.ts";
import { type DatabricksAddress } from "./host.ts";

/** A profile for a host. The match is `exact` if the profile contains every known ID of the host. */
export interface HostMatch {
  readonly profile: DatabricksProfile;
  readonly match: "exact" | "loose";
}

/** The account and the workspace in a host's metadata. */
export type FoundIds = Pick<DatabricksAddress, "accountId" | "workspaceId">;

/**
 * Finds the profile for an address.
 *
 * First looks for a profile with the same host, account and workspace as far as `named` or `found` has them. Databricks'
 * CLI stops there, so it misses a profile with only a host if the metadata has more. If there is no exact match,
 * ignores `found` and accepts a profile that does not contradict `named`.
 *
 * @throws {FobError} `usage` with the names if several profiles match.
 */
export function findForHost(
  named: DatabricksAddress,
  found: FoundIds,
  profiles: DatabricksProfiles,
): HostMatch | undefined {
  const known = { ...found, ...named };
  const sameHost = profiles.all().flatMap((profile) => {
    const address = addressOfProfile(profile);
    return address?.host === named.host ? [{ profile, address }] : [];
  });
  const exact = sameHost.filter(({ address }) => agree(known, address, equals));
  if (exact.length > 0) return { profile: only(exact, named, profiles), match: "exact" };
  const loose = sameHost.filter(({ address }) => agree(named, address, permits));
  if (loose.length > 0) return { profile: only(loose, named, profiles), match: "loose" };
  return undefined;
}

type Rule = (wanted: string | undefined, actual: string | undefined) => boolean;

const equals: Rule = (wanted, actual) => wanted === undefined || actual === wanted;

const permits: Rule = (wanted, actual) => actual === undefined || equals(wanted, actual);

function agree(wanted: FoundIds, address: DatabricksAddress, rule: Rule): boolean {
  return rule(wanted.accountId, address.accountId) &&
    rule(wanted.workspaceId, address.workspaceId);
}

function only(
  matches: readonly { readonly profile: DatabricksProfile }[],
  { host }: DatabricksAddress,
  { path }: DatabricksProfiles,
): DatabricksProfile {
  const [first, ...others] = matches.map(({ profile }) => profile);
  if (first !== undefined && others.length === 0) return first;
  const names = matches.map(({ profile }) => shownName(profile.name));
  throw new FobError("usage", `${names.join(" and ")} match ${host} in ${path}`, {
    facts: { option: "--profile", profiles: names.join(", ") },
  });
}
