import type { CommandUnknownOpts, Help } from "@commander-js/extra-typings";
import type { Terminal } from "../system/terminal.ts";
import { variableGroups } from "../variables.ts";
import { globalOptions } from "./options.ts";
import { paint } from "./ui/color.ts";
import { formatEntries, wrapText } from "./ui/wrap.ts";

/** The terminal that help is written for. */
export type Page = Pick<Terminal, "outputColumns" | "outputColor">;

type Entries = readonly (readonly [string, string])[];

/** The width of help without a terminal, and the greatest width. Longer lines are hard to read. */
const defaultWidth = 80;
const greatestWidth = 100;

/** The width of help and of the overview, columns. */
export function columnsOf({ outputColumns = defaultWidth }: Page): number {
  return Math.min(outputColumns, greatestWidth);
}

/** A heading, bold if the output is colored. */
export function heading(text: string, { outputColor }: Page): string {
  return paint(text, "bold", outputColor);
}

/** The parser's help settings for this terminal. Global options come last. */
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
      const common = groups.get(globalOptions);
      if (common !== undefined) {
        groups.delete(globalOptions);
        groups.set(globalOptions, common);
      }
      return groups;
    },
  };
}

/** Flags or a usage line with the placeholders in capitals. */
export function inCapitals(terms: string): string {
  return terms.replaceAll(/<([^>]*)>/g, (_, name: string) => name.toUpperCase())
    .replaceAll(/\[(?!options\])[^\]]*\]/g, (optional) => optional.toUpperCase());
}

function pathOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** `fob --help`: all commands, global options and topics. */
export function rootHelp(program: CommandUnknownOpts, page: Page): string {
  return [
    ...listHelp(program, page),
    section(globalOptions, commonOptions, page),
    section("More:", [
      ["fob COMMAND --help", "options and examples of a command"],
      ...topics.map(({ name, about }) => [`fob help ${name}`, about] as const),
    ], page),
  ].join("\n");
}

/** `fob GROUP --help`. */
export function groupHelp(group: CommandUnknownOpts, page: Page): string {
  const more = [[`${pathOf(group)} COMMAND --help`, "options and examples of a command"]] as const;
  return [...listHelp(group, page), section("More:", more, page)].join("\n");
}

/** Description, usage and subcommands of a command. */
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

/** `fob help NAME` for a topic; `undefined` if there is no such topic. */
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

/** A command without subcommands. `name` is without `fob`. */
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
  ["-p, --profile NAME", "profile, or host that the token is for"],
  ["-o, --output FORM", "text or json (json: errors and notices are JSON on stderr)"],
  ["-v, --verbose", "print decisions and their reasons on stderr"],
  ["--no-input", "never prompt"],
  ["-h, --help", "show the help of a command"],
];

interface Topic {
  readonly name: string;
  readonly about: string;
  readonly sections: () => readonly (readonly [title: string, entries: Entries])[];
}

const topics: readonly Topic[] = [
  {
    name: "environment",
    about: "environment variables that fob reads",
    sections: () =>
      Object.entries(variableGroups).map(([title, variables]) => [
        `${title}:`,
        variables.map(({ name, about }) => [name, about] as const),
      ]),
  },
  {
    name: "files",
    about: "files that fob reads and writes",
    sections: () => [["Files:", files()]],
  },
  {
    name: "exit-codes",
    about: "meaning of each exit code",
    sections: () => [["Exit codes:", [
      ["0", "success"],
      ["1", "failure"],
      ["2", "usage error"],
      ["3", "not signed in"],
      ["4", "login expired or revoked: sign in again"],
      ["5", "keychain or credential file not usable (locked, denied, timed out, missing)"],
      ["6", "provider not reachable"],
      ["126, 127", "fob exec: command not executable, command not found"],
      ["130", "interrupted"],
    ]]],
  },
];

/** The files of fob on this operating system. */
function files(): Entries {
  const isWindows = Deno.build.os === "windows";
  const [config, state] = isWindows
    ? ["%AppData%\\fob", "%LocalAppData%\\fob"]
    : ["~/.config/fob", "~/.local/state/fob"];
  const path = (...parts: string[]): string => parts.join(isWindows ? "\\" : "/");
  return [
    [path(config, "config.ini"), "profiles and settings, no secrets"],
    [
      path(config, "config.ini.bak"),
      "backup of the profile file, made before fob moved a token out of it",
    ],
    [
      path(state, "credentials.json"),
      "plaintext credentials (only without a keychain or by FOB_AUTH_STORAGE)",
    ],
    [path(state, "locks"), "locks of credentials during a refresh"],
    [path(state, "audit.log"), "log of tokens handed out, if FOB_AUDIT_LOG or audit_log is set"],
    [isWindows ? "%UserProfile%\\.databrickscfg" : "~/.databrickscfg", "Databricks profiles"],
  ];
}
