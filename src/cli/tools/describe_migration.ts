import { accountFor } from "../../helpers/tool_entry.ts";
import type { Plan, Step } from "../../migrate/plan.ts";
import type { Finding, FoundEntry, Obstacle } from "../../migrate/source.ts";
import { foreignText } from "../../text/printable.ts";
import { formatTable } from "../ui/table.ts";

/** What was or would be done, a line per place of a secret. No part of a secret is in it. */
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
  const where = isTaken ? `${dryRun ? "Would be kept" : "Kept"} in ${location}.\n` : "";
  return sections.join("") + where + describeEnding(steps);
}

/** The plan as programs read it. */
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
  if (prospect.kind === "refused") return `refused: ${obstacles[prospect.obstacle]}`;
  if ("entry" in prospect) return describeEntry(prospect, dryRun);
  const { name, host } = prospect.profile;
  const profile = host === undefined ? `"${name}"` : `"${name}" for ${host}`;
  switch (prospect.kind) {
    case "keep":
      return dryRun ? `would be kept as ${profile}` : `kept as ${profile}`;
    case "kept":
      return `is kept as ${profile} already`;
    case "clash":
      return `clashes: "${name}" is another login or host in fob`;
    case "offered":
      return `offered as ${profile}: the file names no profile, so only --take ${
        foreignText(prospect.address)
      } takes it`;
  }
}

/** The tool gets it from fob, which no profile has to do with. */
function describeEntry(
  { kind, entry }: { readonly kind: "keep" | "kept"; readonly entry: FoundEntry },
  dryRun: true | undefined,
): string {
  const { tool, place: { origins: [origin], path }, username } = entry;
  const where = foreignText(`${origin}${path === undefined ? "" : `/${path}`}`);
  const what = `for ${tool} at ${where}${
    username === undefined ? "" : `, user ${foreignText(username)}`
  }`;
  if (kind === "kept") return `is kept ${what} already`;
  return `${dryRun ? "would be kept" : "kept"} ${what}`;
}

const obstacles: Readonly<Record<Obstacle, string>> = {
  ambiguous: "it is quoted, continued or there twice, and its readers differ about that",
  "another-kept": "fob keeps another one for it, which the tool gets",
  "environment-token": "it was written there from ASTRO_API_TOKEN, which is no login",
  expired: "it has expired; fob auth login brings a login that lasts",
  "foreign-refresh-token":
    "it works only for the client that it was issued to; fob auth login brings fob its own",
  "name-taken": "another secret above has the same name",
  "no-address": "its host is no https address",
  "no-name": "nothing in its name can name a profile",
  unsupported: "fob keeps tokens, not this",
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
  }: an access token that soon expires and that fob cannot refresh; fob auth login is better.\n`;
}
