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

Made by \`deno task bench\` in one run: every command once a round, ${rounds} rounds, medians and the 10th and 90th
percentile. ${machine}

_floor_ is an empty Deno script and \`secret-tool lookup\` together, the least that a program on Deno can take to
ask the Secret Service. _gh_ is \`gh auth token\` with its token in the same place. fob and the empty script were run as
in a binary: what is not run is not opened, and V8 compiles without a cache. \`deno run\` has that cache, and parses the
whole bundle first, which is shown once. The targets allow 50 processes one and a half times what one takes at expiry, and 300 ms; growth of a tenth counts as
flat.

${notes.map((note) => `- ${note}.`).join("\n")}

${single.join("\n\n")}

## Storms on the Secret Service

Processes that are started at once, until the last has answered. _from the lock_: from when all wait for the refresh.
_refreshes_: how often the server was asked for a token. Whoever was started before a forced refresh ended takes what
that brought; each answer was issued after its process was started, and the server takes it. _no answer_: the keyring
did not answer within five seconds, which is an error and never a wrong token.

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
  const heads = ["", "of the floor", "of an empty script", "of gh", "ms", "10 – 90 %", "peak MB"];
  return table(heads, 1, lines);
}

/** What each step towards a token in the keyring adds to the one before. */
function stepTable(measured: readonly Measured[]): string {
  const of = (name: string): number => medianOf(measured, name) ?? NaN;
  const whole = of("fob auth token, Secret Service");
  const steps: readonly (readonly [string, string])[] = [
    ["Deno, until it runs a script, and its end", "empty Deno script"],
    ["fob's code, until a variable has answered", "fob auth token, API_TOKEN"],
    ["the profiles, the libraries, and the keyring's answer", "fob auth token, Secret Service"],
  ];
  const lines = steps.map(([what, name], index) => {
    const added = of(name) - (index === 0 ? 0 : of(steps[index - 1]?.[1] ?? ""));
    return [what, added.toFixed(1), `${Math.round(100 * added / whole)} %`];
  });
  const lookup = of("secret-tool lookup").toFixed(1);
  return `${table(["", "ms", "of it"], 1, lines)}\n\nThe last step is what \`secret-tool\` ` +
    `takes ${lookup} ms for, its own start included.`;
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
  const heads = ["token", "processes", "of the floor", "ms", "10 – 90 %"]
    .concat("ms from the lock", "refreshes", "no answer");
  return table(heads, 1, lines);
}

/** What those said that got no answer. */
function failures(storms: readonly Storm[]): string {
  const lines = storms.flatMap(({ count, kind, failure }) =>
    failure === undefined ? [] : [`- ${count}, ${kind}: \`${failure.split("\n")[0]}\``]
  );
  return lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
}
