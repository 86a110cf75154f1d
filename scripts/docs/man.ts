// deno-lint-ignore-file no-console
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import settings from "../../deno.json" with { type: "json" };
import { allTopics, inCapitals } from "../../src/cli/help.ts";
import { writeInto } from "../release/dist_folder.ts";
import { commandTree, type Leaf, leavesOf, textAfterHelp } from "./command_tree.ts";

/**
 * The manual pages by their file names, `fob.1` and one for each command, made from what the commands say of
 * themselves; in the macros of man(7), which every system formats. `day` is YYYY-MM-DD.
 */
export function manualPages(day: string, program = commandTree()): Record<string, string> {
  const leaves = leavesOf(program);
  const pages = leaves.map((leaf) => [fileName(leaf.name), commandPage(leaf, day)]);
  return Object.fromEntries([["fob.1", rootPage(program, leaves, day)], ...pages]);
}

function fileName(name: string): string {
  return `${name.replaceAll(" ", "-")}.1`;
}

/** The page that tells what there is, out of `fob --help`. */
function rootPage(program: CommandUnknownOpts, leaves: readonly Leaf[], day: string): string {
  const shown = sectionsOf(allTopics({ outputColumns: undefined, outputColour: false }));
  return [
    titleLine("fob", day),
    section("NAME", [`fob \\- ${escape(inSentence(program.description()))}`]),
    section("SYNOPSIS", [".B fob", "\\fICOMMAND\\fR"]),
    section(
      "COMMANDS",
      leaves.flatMap(({ name, command }) => [
        ".TP",
        `\\fB${escape(name.replaceAll(" ", "-"))}\\fR(1)`,
        escape(command.description()),
      ]),
    ),
    ...shown.map(({ title, lines }) => section(title.toUpperCase(), tagged(lines))),
  ].join("");
}

function commandPage({ name, command }: Leaf, day: string): string {
  const help = command.createHelp();
  const options = help.visibleOptions(command).flatMap((option) => [
    ".TP",
    `\\fB${escape(inCapitals(option.flags))}\\fR`,
    escape(help.optionDescription(option)),
  ]);
  const args = help.visibleArguments(command).flatMap((argument) => [
    ".TP",
    `\\fI${escape(argument.name().toUpperCase())}\\fR`,
    escape(help.argumentDescription(argument)),
  ]);
  const after = sectionsOf(textAfterHelp(command)).map(({ title, lines }) =>
    section(title.toUpperCase(), title === "Examples" ? literal(lines) : tagged(lines))
  );
  return [
    titleLine(name.replaceAll(" ", "-"), day),
    section("NAME", [
      `${escape(name.replaceAll(" ", "-"))} \\- ${escape(inSentence(command.description()))}`,
    ]),
    section("SYNOPSIS", [`.B ${escape(name)}`, `\\fI${escape(inCapitals(command.usage()))}\\fR`]),
    args.length === 0 ? "" : section("ARGUMENTS", args),
    section("OPTIONS", options),
    ...after,
    section("SEE ALSO", ["\\fBfob\\fR(1)"]),
  ].join("");
}

function titleLine(name: string, day: string): string {
  return `.TH ${escape(name.toUpperCase())} 1 ${day} "fob ${settings.version}" "Manual of fob"\n`;
}

function section(title: string, lines: readonly string[]): string {
  return [`.SH ${title}`, ...lines, ""].join("\n");
}

/** Rows of a name and what it is, two blanks or more between them; what is indented deeper goes on with it. */
function tagged(lines: readonly string[]): string[] {
  const rows = lines.join("\n").replaceAll(/\n {3,}/g, "  ").split("\n");
  return rows.flatMap((row) => {
    const [name = "", ...about] = row.trim().split(/ {2,}/);
    return [".TP", `\\fB${escape(name)}\\fR`, escape(about.join(" "))];
  });
}

function literal(lines: readonly string[]): string[] {
  return [".nf", ...lines.map((line) => escape(line.trim())), ".fi"];
}

/** The parts of a help text, each a line that ends with a colon and the rows below it. */
function sectionsOf(text: string): { title: string; lines: string[] }[] {
  const found: { title: string; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    if (/^\S.*:$/.test(line)) found.push({ title: line.slice(0, -1), lines: [] });
    else if (line.startsWith(" ")) found.at(-1)?.lines.push(line);
  }
  return found;
}

/** As it stands after a dash: no capital, no full stop. */
function inSentence(text: string): string {
  return text.replace(/\.$/, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

/** `text` as roff(7) shows it: no control line, hyphens that can be copied. */
function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...")
    .replace(/^(?=[.'])/, "\\&");
}

/** The day of `SOURCE_DATE_EPOCH` (reproducible-builds.org), or else this one. */
function today(): string {
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH");
  const time = epoch === undefined ? Date.now() : Number(epoch) * 1000;
  return new Date(time).toISOString().slice(0, 10);
}

if (import.meta.main) {
  for (const path of await writeInto("man", manualPages(today()))) console.log(path);
}
