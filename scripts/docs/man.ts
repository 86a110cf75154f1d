// deno-lint-ignore-file no-console
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import settings from "../../deno.json" with { type: "json" };
import { inCapitals, topicHelp } from "../../src/cli/help.ts";
import { writeInto } from "../release/dist_folder.ts";
import { commandTree, type Leaf, leavesOf, textAfterHelp } from "./command_tree.ts";

/**
 * The manual pages by file name: `fob.1` and one for each command, from the commands' own help. Uses
 * the macros of man(7), which every system formats. `day` is YYYY-MM-DD.
 */
export function manualPages(day: string, program = commandTree()): Record<string, string> {
  const leaves = leavesOf(program);
  const pages = leaves.map((leaf) => [fileName(leaf.name), commandPage(leaf, day)]);
  return Object.fromEntries([["fob.1", rootPage(program, leaves, day)], ...pages]);
}

function fileName(name: string): string {
  return `${name.replaceAll(" ", "-")}.1`;
}

const plain = { outputColumns: undefined, outputColor: false };

/** The page of fob itself, from `fob --help` and the help topics. */
function rootPage(program: CommandUnknownOpts, leaves: readonly Leaf[], day: string): string {
  return [
    titleLine("fob", day),
    section("NAME", [`fob \\- ${escape(inSentence(program.description()))}`]),
    section("SYNOPSIS", [".B fob", "\\fICOMMAND\\fR"]),
    section("DESCRIPTION", [escape(program.description())]),
    section(
      "COMMANDS",
      leaves.flatMap(({ name, command }) => [
        ".TP",
        `\\fB${escape(name.replaceAll(" ", "-"))}\\fR(1)`,
        escape(command.description()),
      ]),
    ),
    section("EXIT STATUS", rowsOf(topicHelp("exit-codes", plain) ?? "")),
    section(
      "ENVIRONMENT",
      sectionsOf(topicHelp("environment", plain) ?? "").flatMap(({ title, lines }) => [
        `.SS ${title}`,
        ...tagged(lines),
      ]),
    ),
    section("FILES", rowsOf(topicHelp("files", plain) ?? "")),
    section(
      "EXAMPLES",
      literal([
        "fob auth login work --host https://api.example.com --client-id ID",
        "fob auth token -o text",
        "fob exec -- COMMAND",
      ]),
    ),
    section("SEE ALSO", [
      leaves.map(({ name }) => `\\fB${escape(name.replaceAll(" ", "-"))}\\fR(1)`).join(",\n"),
    ]),
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
  const after = sectionsOf(textAfterHelp(command));
  const own = (wanted: string): readonly string[] =>
    after.find(({ title }) => title === wanted)?.lines ?? [];
  const named = ["Environment", "Examples"];
  return [
    titleLine(name.replaceAll(" ", "-"), day),
    section("NAME", [
      `${escape(name.replaceAll(" ", "-"))} \\- ${escape(inSentence(command.description()))}`,
    ]),
    section("SYNOPSIS", [`.B ${escape(name)}`, `\\fI${escape(inCapitals(command.usage()))}\\fR`]),
    section("DESCRIPTION", [`${escape(command.description())}.`]),
    args.length === 0 ? "" : section("ARGUMENTS", args),
    section("OPTIONS", options),
    ...after.filter(({ title }) => !named.includes(title))
      .map(({ title, lines }) => section(title.toUpperCase(), tagged(lines))),
    section("EXIT STATUS", rowsOf(topicHelp("exit-codes", plain) ?? "")),
    section("ENVIRONMENT", [
      ...tagged(own("Environment")),
      ...own("Environment").length > 0 ? [".PP"] : [],
      "\\fBfob\\fR(1) lists all variables.",
    ]),
    section("FILES", rowsOf(topicHelp("files", plain) ?? "")),
    section("EXAMPLES", literal(own("Examples"))),
    section("SEE ALSO", ["\\fBfob\\fR(1)"]),
  ].join("");
}

/** The rows of a help topic that has one section. */
function rowsOf(text: string): string[] {
  return sectionsOf(text).flatMap(({ lines }) => tagged(lines));
}

function titleLine(name: string, day: string): string {
  return `.TH ${escape(name.toUpperCase())} 1 ${day} "fob ${settings.version}" "Manual of fob"\n`;
}

function section(title: string, lines: readonly string[]): string {
  return [`.SH ${title}`, ...lines, ""].join("\n");
}

/**
 * Formats rows of a name and a description, separated by two or more spaces. A deeper indented line
 * continues its row.
 */
function tagged(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const rows = lines.join("\n").replaceAll(/\n {3,}/g, "  ").split("\n");
  return rows.flatMap((row) => {
    const [name = "", ...about] = row.trim().split(/ {2,}/);
    return [".TP", `\\fB${escape(name)}\\fR`, escape(about.join(" "))];
  });
}

function literal(lines: readonly string[]): string[] {
  return [".nf", ...lines.map((line) => escape(line.trim())), ".fi"];
}

/** Splits a help text into sections: a title line that ends with a colon, and the rows below it. */
function sectionsOf(text: string): { title: string; lines: string[] }[] {
  const found: { title: string; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    if (/^\S.*:$/.test(line)) found.push({ title: line.slice(0, -1), lines: [] });
    else if (line.startsWith(" ")) found.at(-1)?.lines.push(line);
  }
  return found;
}

/** `text` for use after a dash: without a leading capital or a full stop. */
function inSentence(text: string): string {
  return text.replace(/\.$/, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

/** Escapes `text` for roff(7): no control lines, and hyphens that can be copied. */
function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...")
    .replace(/^(?=[.'])/, "\\&");
}

/** The day of `SOURCE_DATE_EPOCH` (reproducible-builds.org), default today. */
function today(): string {
  const epoch = Deno.env.get("SOURCE_DATE_EPOCH");
  const time = epoch === undefined ? Date.now() : Number(epoch) * 1000;
  return new Date(time).toISOString().slice(0, 10);
}

if (import.meta.main) {
  for (const path of await writeInto("man", manualPages(today()))) console.log(path);
}
