import type { CommandUnknownOpts, Help } from "@commander-js/extra-typings";
import type { Terminal } from "../system/terminal.ts";
import { everyCommand } from "./options.ts";
import { paint } from "./ui/colour.ts";
import { plaintextFile } from "./ui/reasons.ts";
import { formatEntries, wrapText } from "./ui/wrap.ts";

/** The terminal that help is written for. */
export type Page = Pick<Terminal, "outputColumns" | "outputColour">;

type Entries = readonly (readonly [string, string])[];

/** How wide help is where no terminal says how wide it is; and how wide at most, because longer lines tire. */
const usualColumns = 80;
const mostColumns = 100;

/** The columns that a text for people is given. */
export function columnsOf({ outputColumns = usualColumns }: Page): number {
  return Math.min(outputColumns, mostColumns);
}

/** A heading, which stands out where there are colours. */
export function heading(text: string, { outputColour }: Page): string {
  return paint(text, "bold", outputColour);
}

/** What the parser's help is for this terminal: the options that every command has come last. */
export function helpStyle(page: Page): Partial<Help> {
  return {
    helpWidth: columnsOf(page),
    minWidthToWrap: 24,
    optionTerm: ({ flags }) => inCapitals(flags),
    argumentTerm: (argument) => argument.name().toUpperCase(),
    commandUsage: (command) => `${pathOf(command)} ${inCapitals(command.usage())}`,
    styleTitle: (title) => heading(title, page),
    groupItems: (_, visible, groupOf) => {
      const groups = Map.groupBy(visible, groupOf);
      const common = groups.get(everyCommand);
      if (common !== undefined) {
        groups.delete(everyCommand);
        groups.set(everyCommand, common);
      }
      return groups;
    },
  };
}

/** Flags, or the usage of a command, with what stands for a person's own words in capitals. */
export function inCapitals(terms: string): string {
  return terms.replaceAll(/<([^>]*)>/g, (_, name: string) => name.toUpperCase())
    .replaceAll(/\[(?!options\])[^\]]*\]/g, (optional) => optional.toUpperCase());
}

function pathOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** What `fob --help` says: every command, and where there is more. */
export function rootHelp(program: CommandUnknownOpts, page: Page): string {
  return [
    ...listHelp(program, page),
    section(everyCommand, commonOptions, page),
    section("More:", [
      ["fob COMMAND --help", "its options, and examples"],
      ...topics.map(({ name, about }) => [`fob help ${name}`, about] as const),
    ], page),
  ].join("\n");
}

/** What `fob GROUP --help` says. */
export function groupHelp(group: CommandUnknownOpts, page: Page): string {
  const more = [[`${pathOf(group)} COMMAND --help`, "its options, and examples"]] as const;
  return [...listHelp(group, page), section("More:", more, page)].join("\n");
}

/** What a command is for, how it is used, and the commands in it. */
function listHelp(command: CommandUnknownOpts, page: Page): string[] {
  const groups = Map.groupBy(leaves(command), ({ group }) => group);
  return [
    paragraph(command.description(), columnsOf(page)),
    `${heading("Usage:", page)} ${pathOf(command)} COMMAND [options]\n`,
    ...[...groups].map(([group, commands]) =>
      section(group, commands.map(({ name, about }) => [name, about]), page)
    ),
  ];
}

/** What `fob help NAME` says of something that is no command; `undefined` where there is no such topic. */
export function topicHelp(name: string, page: Page): string | undefined {
  const topic = topics.find((it) => it.name === name);
  return topic && topic.sections().map(([title, entries]) => section(title, entries, page))
    .join("\n");
}

/** Everything that is said of no single command, for the manual. */
export function allTopics(page: Page): string {
  return topics.map(({ name }) => topicHelp(name, page)).join("\n");
}

function section(title: string, entries: Entries, page: Page): string {
  return `${heading(title, page)}\n${formatEntries(entries, columnsOf(page))}`;
}

function paragraph(text: string, columns: number): string {
  return wrapText(text, columns).map((line) => `${line}\n`).join("");
}

/** A command that does something, its name without `fob`. */
interface LeafCommand {
  readonly group: string;
  readonly name: string;
  readonly about: string;
}

function leaves(command: CommandUnknownOpts, path = "", group?: string): LeafCommand[] {
  return command.createHelp().visibleCommands(command).flatMap((child) => {
    const name = `${path} ${child.name()}`.trim();
    const own = child.helpGroup() || group || "Commands:";
    return child.commands.length > 0
      ? leaves(child, name, own)
      : [{ group: own, name, about: child.description() }];
  });
}

const commonOptions: Entries = [
  ["-p, --profile NAME", "the profile, or the host that it is for"],
  ["-o, --output FORM", "text or json; with json, errors and notices are JSON on stderr"],
  ["-v, --verbose", "say on stderr what is decided, and why"],
  ["--no-input", "never ask anything"],
  ["-h, --help", "tell about a command"],
];

interface Topic {
  readonly name: string;
  readonly about: string;
  readonly sections: () => readonly (readonly [title: string, entries: Entries])[];
}

const topics: readonly Topic[] = [
  {
    name: "environment",
    about: "the variables that fob heeds",
    sections: () => [
      ["Which login answers:", [
        ["API_TOKEN, API_HOST", "a token to use instead of what is kept, and its host"],
        ["GH_TOKEN, GITLAB_TOKEN, DATABRICKS_TOKEN, ...", "the same, for one platform"],
        ["FOB_PROFILE", "the profile where none is named"],
      ]],
      ["Where things are kept:", [
        ["FOB_CONFIG_FILE", `the file with the profiles; ${profileFile()} if not set`],
        ["FOB_AUTH_STORAGE", `secure (the keychain) or plaintext (${plaintextFile()})`],
        ["FOB_NO_PLAINTEXT", "1: never keep a credential in plain text"],
      ]],
      ["How fob talks:", [
        ["BROWSER", "the command that opens an address; none opens nothing"],
        ["CI", "if set, nothing is ever asked"],
        ["NO_COLOR, CLICOLOR=0", "no colours"],
        ["FORCE_COLOR, CLICOLOR_FORCE", "colours, also where no terminal reads them"],
        ["COLUMNS", "how wide a terminal is"],
      ]],
    ],
  },
  {
    name: "exit-codes",
    about: "what each exit code means",
    sections: () => [["Exit codes:", [
      ["0", "done"],
      ["1", "failed"],
      ["2", "not understood"],
      ["3", "not signed in"],
      ["4", "signed in, but must sign in again"],
      ["5", "the keychain is locked, denied, slow or missing"],
      ["6", "the provider cannot be reached"],
      ["126, 127", "fob exec: the command cannot be run, or is not there"],
      ["130", "interrupted"],
    ]]],
  },
];

function profileFile(): string {
  return Deno.build.os === "windows" ? "%AppData%\\fob\\config.ini" : "~/.config/fob/config.ini";
}
