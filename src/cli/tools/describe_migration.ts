import { accountFor } from "../../helpers/tool_entry.ts";
import type { Plan, Step } from "../../migrate/plan.ts";
import type { Finding, FoundEntry, Obstacle } from "../../migrate/source.ts";
import { foreignText } from "../../text/printable.ts";
import { formatTable } from "../ui/table.ts";

/** The migration that was or would be done: a line for each place of a secret, without the secret. */
export function describePlan({ steps }: Plan, dryRun: true | undefined, location: string): string {
  const files = [
    ...new Set(steps.flatMap(({ finding }) => finding.places.map(({ file }) => file))),
  ];
  const sections = files.map((file) => {
    const rows = steps.flatMap((step) =>
      step.finding.places.filter((place) => place.file === file)
        .map((
          { key },
        ) => [`  ${foreignText(key)}`, describeSecret(step.finding), describeStep(step, dryRun)])
    );
    return `${file}\n${formatTable(rows)}`;
  });
  const isTaken = steps.some(({ prospect: { kind } }) => kind === "keep" || kind === "kept");
  const where = isTaken ? `${dryRun ? "Would be stored" : "Stored"} in ${location}\n` : "";
  return sections.join("") + where + describeEnding(steps);
}

/** The plan as JSON. */
export function planFields({ steps }: Plan, dryRun: true | undefined): object[] {
  return steps.map(({ finding, prospect }) => {
    const profile = "profile" in prospect ? prospect.profile : undefined;
    return {
      places: finding.places.map(({ file, key }) => ({ file, key })),
      kind: finding.kind,
      characters: finding.secret.reveal().length,
      outcome: prospect.kind === "keep" && !dryRun ? "kept" : prospect.kind,
      profile: profile?.name,
      entry: "entry" in prospect ? accountFor(prospect.entry) : undefined,
      host: "entry" in prospect ? prospect.entry.place.origins[0] : profile?.host,
      reason: prospect.kind === "refused" ? prospect.obstacle : undefined,
      take: prospect.kind === "offered" ? prospect.address : undefined,
      expires_at: finding.expiresAt === undefined
        ? undefined
        : new Date(finding.expiresAt).toISOString(),
    };
  });
}

function describeSecret({ kind, secret }: Finding): string {
  return `${kind}, ${secret.reveal().length} characters`;
}

function describeStep({ prospect }: Step, dryRun: true | undefined): string {
  if (prospect.kind === "refused") return `skipped: ${obstacles[prospect.obstacle]}`;
  if ("entry" in prospect) return describeEntry(prospect, dryRun);
  const { name, host } = prospect.profile;
  const profile = host === undefined ? `"${name}"` : `"${name}" for ${host}`;
  switch (prospect.kind) {
    case "keep":
      return dryRun ? `would be stored as ${profile}` : `stored as ${profile}`;
    case "kept":
      return `already stored as ${profile}`;
    case "clash":
      return `conflict: fob has another login or host under the name "${name}"`;
    case "offered":
      return `not selected: the file names no profile. To store it as ${profile}: --take ${
        foreignText(prospect.address)
      }`;
  }
}

/** A secret of the tool itself, which fob stores without a profile. */
function describeEntry(
  { kind, entry }: { readonly kind: "keep" | "kept"; readonly entry: FoundEntry },
  dryRun: true | undefined,
): string {
  const { tool, place: { origins: [origin], path }, username } = entry;
  const where = foreignText(`${origin}${path === undefined ? "" : `/${path}`}`);
  const what = `for ${tool} at ${where}${
    username === undefined ? "" : `, user ${foreignText(username)}`
  }`;
  if (kind === "kept") return `already stored ${what}`;
  return `${dryRun ? "would be stored" : "stored"} ${what}`;
}

const obstacles: Readonly<Record<Obstacle, string>> = {
  ambiguous: "quoted, continued or duplicated, and tools read that differently",
  "another-kept": "fob already has another one for the same place",
  "environment-token": "copied from ASTRO_API_TOKEN; not a login",
  expired: "expired; sign in with fob auth login",
  "foreign-refresh-token":
    "valid only for the client that it was issued to; sign in with fob auth login",
  "name-taken": "another secret above has the same name",
  "no-address": "its host is not an https URL",
  "no-name": "its name cannot be a profile name",
  unsupported: "fob does not store secrets of this kind",
};

function describeEnding(steps: readonly Step[]): string {
  const names = steps.flatMap(({ finding, prospect }) =>
    finding.expiresAt !== undefined && "profile" in prospect &&
      (prospect.kind === "keep" || prospect.kind === "kept")
      ? [`"${prospect.profile.name}"`]
      : []
  );
  if (names.length === 0) return "";
  return `${
    names.join(", ")
  }: fob cannot refresh this access token. Sign in with fob auth login before it expires\n`;
}
