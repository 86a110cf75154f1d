// deno-lint-ignore-file no-console
import { type Step, takeTour } from "./tour.ts";

/** Width of a character, height of a line, and margin, in pixels. */
const advance = 8.4;
const leading = 20;
const margin = 20;
const columns = 80;

/** The commands in the picture, by their beginnings. The README has all steps. */
const pictured = ["fob auth login", "fob auth token", "fob api"];

/** The README has the tour between these two lines. */
const start = "<!-- The tour is made by deno task picture. -->";
const end = "<!-- The end of the tour. -->";

/** Draws the tour as SVG, with colors for light and dark pages. The same tour gives the same bytes. */
export function drawTour(steps: readonly Step[]): string {
  const shownSteps = steps.filter(({ command }) =>
    pictured.some((beginning) => command.startsWith(beginning))
  );
  const lines = shownSteps.flatMap(({ command, shown }, i) => [
    ...i === 0 ? [] : [""],
    `<tspan class="prompt">$</tspan> <tspan class="command">${escape(command)}</tspan>`,
    ...shown.split("\n").flatMap(broken).map(escape),
  ]);
  const width = columns * advance + 2 * margin;
  const height = lines.length * leading + 2 * margin;
  const texts = lines.map((line, i) =>
    line === "" ? "" : `<text x="${margin}" y="${margin + 14 + i * leading}">${line}</text>\n`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" \
height="${height}" role="img" aria-label="fob signs in, prints a token and calls an API">
<style>
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    white-space: pre; fill: #24292f }
  rect { fill: #f6f8fa; stroke: #d0d7de }
  .prompt { fill: #1a7f37 }
  .command { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    rect { fill: #161b22; stroke: #30363d }
    .prompt { fill: #3fb950 }
  }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${texts.join("")}</svg>
`;
}

/** Breaks a line at {@link columns} characters, as a terminal does. */
function broken(line: string): string[] {
  return line.match(new RegExp(`.{1,${columns}}`, "gu")) ?? [""];
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** `readme` with its tour replaced. */
export function withTour(readme: string, steps: readonly Step[]): string {
  const [before, rest] = readme.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`The README lacks "${start}" or "${end}"`);
  }
  const text = steps.map(({ command, shown }) => `$ ${command}\n${shown}\n`).join("\n");
  return `${before}${start}\n\n\`\`\`console\n${text}\`\`\`\n\n${end}${after}`;
}

if (import.meta.main) {
  const top = new URL("../..", import.meta.url);
  const readme = new URL("README.md", top);
  const steps = await takeTour();
  await Deno.writeTextFile(new URL(".github/tour.svg", top), drawTour(steps));
  await Deno.writeTextFile(readme, withTour(await Deno.readTextFile(readme), steps));
  console.log(".github/tour.svg and the tour in README.md are written");
}
