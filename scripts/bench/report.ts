import type { Measured } from "./contender.ts";
import { medianOf, type Results } from "./results.ts";
import { floorStorm, type Storm } from "./storms.ts";
import { ratio, table } from "./table.ts";
import { targetTable } from "./targets.ts";

/** The run in Markdown. */
export function report(results: Results): string {
  const { measured, storms, rounds, machine, notes } = results;
  const tables = [...new Set(measured.map(({ contender }) => contender.table))];
  const single = tables.map((name) => `## ${name}\n\n${callTable(name, measured)}`);
  single.splice(1, 0, `### Where the time goes\n\n${stepTable(measured)}`);
  return `# Speed

${targetTable(results)}

\`deno task bench\` wrote this page in one run, with every command once per round. The tables show the median of ${rounds}
rounds, and the 10th and 90th percentile. ${machine}

- The _floor_ is an empty Deno script plus \`secret-tool lookup\`: the minimum for a Deno program that reads the Secret
  Service.
- _gh_ is \`gh auth token\` with its token in the same store.
- fob and the empty script run as in a binary: unused modules are not opened, and V8 has no code cache. \`deno run\` has
  that cache, but parses the whole bundle first. One row shows it.
- The targets allow 50 processes one and a half times the duration of one at expiry, plus 300 ms. Growth by up to a tenth
  counts as flat.
${notes.map((note) => `- ${note}.`).join("\n")}

${single.join("\n\n")}

## Storms on the Secret Service

Many processes start at once. The time ends with the answer of the last one.

- _from the lock_ counts from the moment when all processes wait for the refresh.
- _refreshes_ is the number of token requests that the server got. A forced refresh also answers the processes that
  started before it ended. Every answer was issued after its process started, and the server accepts it.
- _timeouts_ counts processes without an answer from the keyring within 5 seconds. That is an error, and never a wrong
  token.

${stormTable(storms)}
${failures(storms)}`;
}

function callTable(name: string, measured: readonly Measured[]): string {
  const empty = medianOf(measured, "empty Deno script") ?? NaN;
  const floor = empty + (medianOf(measured, "secret-tool lookup") ?? NaN);
  const rows = measured.filter(({ contender }) => contender.table === name);
  const lines = rows.map(({ contender, median, low, high, peak }) => [
    contender.name,
    ratio(median, floor),
    ratio(median, empty),
    ratio(median, medianOf(measured, `gh auth token, ${contender.kept}`)),
    median.toFixed(1),
    `${low.toFixed(1)} – ${high.toFixed(1)}`,
    peak?.toFixed(0) ?? "",
  ]);
  const heads = ["", "× floor", "× empty script", "× gh", "ms", "10 – 90 %", "peak MB"];
  return table(heads, 1, lines);
}

/** Time that each step adds on the way to a token in the keyring. */
function stepTable(measured: readonly Measured[]): string {
  const of = (name: string): number => medianOf(measured, name) ?? NaN;
  const whole = of("fob auth token, Secret Service");
  const steps: readonly (readonly [string, string])[] = [
    ["start and end of Deno", "empty Deno script"],
    ["code of fob, up to a token from a variable", "fob auth token, API_TOKEN"],
    ["profiles, native libraries and keyring", "fob auth token, Secret Service"],
  ];
  const lines = steps.map(([what, name], index) => {
    const added = of(name) - (index === 0 ? 0 : of(steps[index - 1]?.[1] ?? ""));
    return [what, added.toFixed(1), `${Math.round(100 * added / whole)} %`];
  });
  const lookup = of("secret-tool lookup").toFixed(1);
  return `${table(["", "ms", "share"], 1, lines)}\n\nFor the last step alone, \`secret-tool\` ` +
    `takes ${lookup} ms, including its start.`;
}

function stormTable(storms: readonly Storm[]): string {
  const lines = storms.map(({ count, kind, median, low, high, ...storm }) => {
    const floor = storms.find((it) => it.count === count && it.kind === floorStorm);
    return [
      kind,
      `${count}`,
      ratio(median, floor?.median),
      median.toFixed(0),
      `${low.toFixed(0)} – ${high.toFixed(0)}`,
      storm.fromLock?.toFixed(0) ?? "",
      `${storm.refreshes}`,
      `${storm.failed}`,
    ];
  });
  const heads = ["token", "processes", "× floor", "ms", "10 – 90 %"]
    .concat("ms from the lock", "refreshes", "timeouts");
  return table(heads, 1, lines);
}

/** Messages of the processes that timed out. */
function failures(storms: readonly Storm[]): string {
  const lines = storms.flatMap(({ count, kind, failure }) =>
    failure === undefined ? [] : [`- ${count}, ${kind}: \`${failure.split("\n")[0]}\``]
  );
  return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}
