import type { Measured } from "./contender.ts";
import type { Storm } from "./storms.ts";

/** All that one run found. */
export interface Results {
  readonly measured: readonly Measured[];
  readonly storms: readonly Storm[];
  readonly rounds: number;
  readonly machine: string;
  readonly skipped: readonly string[];
}

/** What the targets are compared with. */
interface Bases {
  /** An empty script and a lookup, one after the other. */
  readonly floor: number;
  readonly empty: number;
  readonly gh: number | undefined;
}

/** The run in Markdown. */
export function report(results: Results): string {
  const { measured, machine, rounds, skipped } = results;
  const bases = basesOf(measured);
  const tables = [...new Set(measured.map(({ contender }) => contender.table))];
  const single = tables.map((table) =>
    `## ${table}\n\n${tableOf(measured.filter((row) => row.contender.table === table), bases)}`
  );
  return `# Speed

Made by \`deno task bench\` in one run: every command once a round, ${rounds} rounds, medians and the 10th and 90th
percentile. ${machine}

${targets(results, bases)}

_floor_ is an empty Deno script and \`secret-tool lookup\` together, the least that a program on Deno can take to
ask the Secret Service. fob was run as a binary loads it, from the files of the bundle that it runs; \`deno run\`
parses the whole bundle first, which is shown once. \`gh\` reads its token from a file, where it has no keyring.

${single.join("\n\n")}

## Storms on the Secret Service

Processes that are started at once, until the last has answered. _from the lock_: from when all wait for the refresh.
_no answer_: the keyring did not answer within five seconds, which is an error and never a wrong token.

${stormTable(results.storms)}

${skipped.map((why) => `- Left out: ${why}.`).join("\n")}
`;
}

/** The median of the command of that name. */
function medianOf(measured: readonly Measured[], name: string): number | undefined {
  return measured.find(({ contender }) => contender.name === name)?.median;
}

function basesOf(measured: readonly Measured[]): Bases {
  const empty = medianOf(measured, "empty Deno script") ?? NaN;
  const lookup = medianOf(measured, "secret-tool lookup") ?? NaN;
  return { empty, floor: empty + lookup, gh: medianOf(measured, "gh auth token, file") };
}

function tableOf(rows: readonly Measured[], { floor, empty, gh }: Bases): string {
  const lines = rows.map(({ contender, median, low, high, peak }) =>
    row([
      contender.name,
      ratio(median, floor),
      ratio(median, empty),
      ratio(median, gh),
      median.toFixed(1),
      `${low.toFixed(1)} – ${high.toFixed(1)}`,
      peak?.toFixed(0) ?? "",
    ])
  );
  return [
    row(["", "of the floor", "of an empty script", "of gh", "ms", "10 – 90 %", "peak MB"]),
    row(["---", ...Array.from({ length: 6 }, () => "---:")]),
    ...lines,
  ].join("\n");
}

function stormTable(storms: readonly Storm[]): string {
  const lines = storms.map(({ count, kind, median, low, high, fromLock, failed }) => {
    const empty = storms.find((it) => it.count === count && it.kind === "empty Deno scripts");
    return row([
      `${count}`,
      kind,
      ratio(median, empty?.median),
      median.toFixed(0),
      `${low.toFixed(0)} – ${high.toFixed(0)}`,
      fromLock?.toFixed(0) ?? "",
      `${failed}`,
    ]);
  });
  return [
    row([
      "processes",
      "token",
      "of empty scripts",
      "ms",
      "10 – 90 %",
      "ms from the lock",
      "no answer",
    ]),
    row(["---:", "---", ...Array.from({ length: 5 }, () => "---:")]),
    ...lines,
  ].join("\n");
}

/** What was to be reached, and what was. */
function targets({ measured, storms }: Results, { floor, gh }: Bases): string {
  const fob = medianOf(measured, "fob auth token, Secret Service") ?? NaN;
  const expired = (count: number): Storm | undefined =>
    storms.find((it) => it.count === count && it.kind === "expired");
  const allowed = 1.5 * (expired(1)?.median ?? NaN) + 300;
  const empty50 = storms.find((it) => it.count === 50 && it.kind === "empty Deno scripts");
  const [one, thousand] = ["1", "1000"].map((name) => medianOf(measured, name) ?? NaN);
  const storm = expired(50);
  const lines: [string, string, string][] = [
    ["a kept token, of the floor", "1.25", ratio(fob, floor)],
    ["a kept token, of `gh auth token`", "0.70", ratio(fob, gh)],
    [
      "50 processes at expiry, from the lock",
      `${allowed.toFixed(0)} ms`,
      `${storm?.fromLock?.toFixed(0)} ms`,
    ],
    [
      "50 processes at expiry, their start included",
      `${allowed.toFixed(0)} ms`,
      `${storm?.median.toFixed(0)} ms (50 empty scripts: ${empty50?.median.toFixed(0)} ms)`,
    ],
    ["1,000 profiles, of one", "flat", ratio(thousand ?? NaN, one)],
  ];
  return [row(["", "at most", "measured"]), row(["---", "---:", "---:"]), ...lines.map(row)]
    .join("\n");
}

function ratio(value: number, of: number | undefined): string {
  return of === undefined ? "" : (value / of).toFixed(2);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
