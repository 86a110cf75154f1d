import { readCredential } from "../credentials/envelope.ts";
import type { KeepNeeds } from "../credentials/login.ts";
import { FobError } from "../errors.ts";
import { accountFor } from "../helpers/tool_entry.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import { type Profiles, readProfiles } from "../profiles/profile_file.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Clock } from "../system/clock.ts";
import type { TextFile } from "../system/files/text_file.ts";
import type { Finding, ForeignText, FoundEntry, Obstacle, Source } from "./source.ts";

/** Dependencies of planning a migration. */
export interface PlanNeeds extends Pick<KeepNeeds, "store" | "profileFile"> {
  readonly clock: Clock;
  readonly source: Source;
  /** The files of the source, in its order. */
  readonly files: readonly TextFile[];
}

/** The selection of the logins to migrate. */
export interface MigrateRequest {
  /** The profiles to migrate; empty for all. */
  readonly profiles: readonly string[];
  /** The addresses of offered logins to migrate too. */
  readonly take: readonly string[];
}

/** The planned result for a secret. */
export type Prospect =
  | { readonly kind: "keep" | "kept" | "clash"; readonly profile: Profile }
  | { readonly kind: "keep" | "kept"; readonly entry: FoundEntry }
  | { readonly kind: "offered"; readonly profile: Profile; readonly address: string }
  | { readonly kind: "refused"; readonly obstacle: Obstacle };

export interface Step {
  readonly finding: Finding;
  readonly prospect: Prospect;
}

/** The steps of a migration, in order, and the texts that they were found in. */
export interface Plan {
  readonly texts: readonly ForeignText[];
  readonly steps: readonly Step[];
}

/**
 * Finds the secrets to migrate and plans a step for each. Changes nothing.
 *
 * @throws {FobError} `usage` if `request` names a login that does not exist; errors of reading the files.
 */
export async function planMigration(request: MigrateRequest, needs: PlanNeeds): Promise<Plan> {
  const texts = await Promise.all(
    needs.files.map(async (file) => ({ path: file.path, text: await file.read() })),
  );
  const findings = needs.source.find(texts, needs.clock.now());
  assertFound(
    "login",
    request.profiles,
    findings.map(({ profile }) => profile?.name),
    needs.source,
  );
  assertFound("offer", request.take, findings.map(({ offeredAs }) => offeredAs), needs.source);
  const wanted = findings.filter(({ profile }) =>
    request.profiles.length === 0 ||
    (profile !== undefined && request.profiles.includes(profile.name))
  );
  const profiles = await readProfiles(needs.profileFile);
  const names = new Set<string>();
  const steps: Step[] = [];
  for (const finding of wanted) {
    const prospect = await prospectOf(finding, request, names, profiles, needs.store);
    if ("profile" in prospect) names.add(prospect.profile.name);
    if ("entry" in prospect) names.add(accountFor(prospect.entry));
    steps.push({ finding, prospect });
  }
  return { texts, steps };
}

function assertFound(
  what: string,
  named: readonly string[],
  known: readonly (string | undefined)[],
  { tool }: Source,
): void {
  const missing = named.find((name) => !known.includes(name));
  if (missing === undefined) return;
  const available = [...new Set(known.filter((name) => name !== undefined))].join(", ") || "none";
  throw new FobError(
    "usage",
    `${tool} has no ${what} "${missing.slice(0, 80)}" (available: ${available})`,
    { facts: { example: `fob migrate --from ${tool} --dry-run` } },
  );
}

async function prospectOf(
  finding: Finding,
  { take }: MigrateRequest,
  names: ReadonlySet<string>,
  profiles: Profiles,
  store: SecretStore,
): Promise<Prospect> {
  const { profile, entry, obstacle, offeredAs } = finding;
  if (obstacle !== undefined) return { kind: "refused", obstacle };
  if (entry !== undefined) return await prospectOfEntry(finding, entry, names, store);
  if (profile === undefined) return { kind: "refused", obstacle: "no-name" };
  if (offeredAs !== undefined && !take.includes(offeredAs)) {
    return { kind: "offered", profile, address: offeredAs };
  }
  if (names.has(profile.name)) return { kind: "refused", obstacle: "name-taken" };
  return { kind: await profileProspect(finding, profile, profiles, store), profile };
}

async function prospectOfEntry(
  { secret }: Finding,
  entry: FoundEntry,
  names: ReadonlySet<string>,
  store: SecretStore,
): Promise<Prospect> {
  const account = accountFor(entry);
  if (names.has(account)) return { kind: "refused", obstacle: "name-taken" };
  const credential = await readCredential(account, store);
  if (credential === undefined) return { kind: "keep", entry };
  const isSame = credential.kind === "pat" && credential.token.equals(secret);
  return isSame ? { kind: "kept", entry } : { kind: "refused", obstacle: "another-kept" };
}

/** Whether the token is new, already stored, or in conflict with another login. */
async function profileProspect(
  { secret }: Finding,
  profile: Profile,
  profiles: Profiles,
  store: SecretStore,
): Promise<"keep" | "kept" | "clash"> {
  const existing = profiles.get(profile.name);
  if (existing === undefined) return "keep";
  if (existing.provider !== profile.provider || existing.host !== profile.host) return "clash";
  const credential = await readCredential(accountOf(profile), store);
  if (credential === undefined) return "keep";
  const isSame = credential.kind === "pat" && credential.token.equals(secret) &&
    credential.host === profile.host;
  return isSame ? "kept" : "clash";
}
