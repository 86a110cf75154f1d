import type { CommandUnknownOpts, Help } from "@commander-js/extra-typings";
import type { Terminal } from "../system/terminal.ts";
import { variableGroups } from "../variables.ts";
import { everyCommand } from "./options.ts";
import { paint } from "./ui/colour.ts";
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
    about: "the environment variables that fob reads",
    sections: () =>
      Object.entries(variableGroups).map(([title, variables]) => [
        `${title}:`,
        variables.map(({ name, about }) => [name, about] as const),
      ]),
  },
  {
    name: "files",
    about: "the files that fob reads and writes",
    sections: () => [["Files:", files()]],
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

/** The files that fob has, on the system that the help is for. */
function files(): Entries {
  const isWindows = Deno.build.os === "windows";
  const [config, state] = isWindows
    ? ["%AppData%\\fob", "%LocalAppData%\\fob"]
    : ["~/.config/fob", "~/.local/state/fob"];
  const path = (...parts: string[]): string => parts.join(isWindows ? "\\" : "/");
  return [
    [path(config, "config.ini"), "profiles and settings, no secrets"],
    [path(config, "config.ini.bak"), "the profile file before a token was moved out of it"],
    [path(state, "credentials.json"), "credentials in plaintext, only without a keychain"],
    [path(state, "locks"), "a lock for each credential that is being refreshed"],
    [path(state, "audit.log"), "tokens handed out, if FOB_AUDIT_LOG asks for it"],
    [isWindows ? "%UserProfile%\\.databrickscfg" : "~/.databrickscfg", "Databricks profiles"],
  ];
}
