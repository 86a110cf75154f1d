import { FobError } from "../errors.ts";
import { shownName } from "../text/address.ts";
import {
  addressOfProfile,
  type DatabricksProfile,
  type DatabricksProfiles,
} from "./config_file.ts";
import { type DatabricksAddress } from "./host.ts";

/** A profile for a host, and whether all that is known of the host is said by the profile too. */
export interface HostMatch {
  readonly profile: DatabricksProfile;
  readonly match: "exact" | "loose";
}

/** What a host's metadata says of itself: the account and the workspace behind it. */
export type FoundIds = Pick<DatabricksAddress, "accountId" | "workspaceId">;

/**
 * The profile for the address that a person named.
 *
 * It says the same host, account and workspace, as far as they are named or `found`. Databricks' CLI stops
 * there, and no longer finds a profile that says its host alone, once the metadata says more. So where
 * there is none, `found` is left out, and a profile need only not contradict what was named.
 *
 * @throws {FobError} `usage` where there are several, with their names.
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
  const exact = sameHost.filter(({ address }) => agree(known, address, says));
  if (exact.length > 0) return { profile: only(exact, named, profiles), match: "exact" };
  const loose = sameHost.filter(({ address }) => agree(named, address, allows));
  if (loose.length > 0) return { profile: only(loose, named, profiles), match: "loose" };
  return undefined;
}

type Rule = (wanted: string | undefined, stated: string | undefined) => boolean;

const says: Rule = (wanted, stated) => wanted === undefined || stated === wanted;

const allows: Rule = (wanted, stated) => stated === undefined || says(wanted, stated);

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
