import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";

/** The flags with a value. */
const valued = [
  "profile",
  "output",
  "host",
  "account-id",
  "workspace-id",
  "timeout",
  "scopes",
  "target",
  "log-level",
  "log-file",
  "log-format",
] as const;

/** The flags without a value. */
const switches = [
  "help",
  "debug",
  "force-refresh",
  "configure-cluster",
  "configure-serverless",
  "skip-workspace",
  "skip-validate",
  "sensitive",
  "auto-approve",
  "delete",
  "no-browser",
  "token",
  "experimental-is-unified-host",
] as const;

type Valued = typeof valued[number];
type Switch = typeof switches[number];

/** The flags of every command. The flags for logs are accepted, but nothing is logged. */
const common: readonly string[] = [
  ...["profile", "output", "target", "help", "debug"],
  ...["log-level", "log-file", "log-format"],
];
const place = ["host", "account-id", "workspace-id", "experimental-is-unified-host"];

/** A supported command of Databricks' CLI. */
interface Form {
  readonly usage: string;
  readonly about: string;
  readonly flags: readonly string[];
  /** The maximum number of arguments. */
  readonly words: number;
}

/** The supported commands of Databricks' CLI (cmd/auth). Callers expect `--no-browser` of `auth login`. */
const forms = {
  "auth describe": {
    usage: "auth describe [flags]",
    about: "Describes the credentials and the source of those credentials",
    flags: [...place, "sensitive"],
    words: 0,
  },
  "auth env": {
    usage: "auth env [flags]",
    about: "Get env",
    flags: place,
    words: 0,
  },
  "auth login": {
    usage: "auth login [PROFILE|HOST] [flags]",
    about: "Log into a Databricks workspace or account",
    flags: [
      ...place,
      "timeout",
      "scopes",
      "configure-cluster",
      "configure-serverless",
      "skip-workspace",
      "no-browser",
    ],
    words: 1,
  },
  "auth logout": {
    usage: "auth logout [PROFILE|HOST] [flags]",
    about: "Log out of a Databricks profile",
    flags: [...place, "auto-approve", "delete"],
    words: 1,
  },
  "auth profiles": {
    usage: "auth profiles [flags]",
    about: "Lists profiles from ~/.databrickscfg",
    flags: [...place, "skip-validate"],
    words: 0,
  },
  "auth switch": {
    usage: "auth switch [flags]",
    about: "Set the default profile",
    flags: place,
    words: 0,
  },
  "auth token": {
    usage: "auth token [PROFILE|HOST] [flags]",
    about: "Get authentication token",
    flags: [...place, "timeout", "force-refresh"],
    words: 1,
  },
  "configure": {
    usage: "configure [flags]",
    about: "Configure authentication with a personal access token",
    flags: ["host", "token", "configure-cluster"],
    words: 0,
  },
  "version": {
    usage: "version [flags]",
    about: "Retrieve information about the current version",
    flags: [],
    words: 0,
  },
} as const satisfies Readonly<Record<string, Form>>;

export type CommandName = keyof typeof forms;

export type Flags = { readonly [K in Valued]?: string } & { readonly [K in Switch]?: true };

/** A parsed command line of Databricks' CLI. */
export interface CommandLine {
  /** Absent if the command line names no command. */
  readonly command?: CommandName;
  readonly word?: string;
  readonly flags: Flags;
}

/**
 * Parses a command line. A value is the next argument or follows an equals sign. Flags may be anywhere.
 *
 * @throws {FobError} `usage` for a command line that Databricks' CLI rejects, with its message.
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const found: Record<string, string | true> = {};
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (word === "--") {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    const { name, value } = readFlag(word);
    if (isOneOf(switches, name)) {
      if (value !== "false") found[name] = true;
    } else if (value !== undefined) found[name] = value;
    else if (i + 1 < argv.length) found[name] = argv[++i] ?? "";
    else throw refusal(`flag needs an argument: ${word}`);
  }
  return checked(words, found as Flags);
}

function readFlag(word: string): { name: string; value?: string } {
  const short = /^-([pot])=?(.*)$/s.exec(word);
  if (short !== null && !word.startsWith("--")) {
    const [, letter = "", value = ""] = short;
    const name = { p: "profile", o: "output", t: "target" }[letter] ?? letter;
    return value === "" ? { name } : { name, value };
  }
  if (word === "-h") return { name: "help" };
  const [, name = "", value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (!isOneOf(valued, name) && !isOneOf(switches, name)) {
    const isShort = !word.startsWith("--");
    throw refusal(
      isShort ? `unknown shorthand flag: '${word[1]}' in ${word}` : `unknown flag: --${name}`,
    );
  }
  return value === undefined ? { name } : { name, value };
}

function checked(words: readonly string[], flags: Flags): CommandLine {
  const length = words[0] === "auth" ? 2 : 1;
  const name = words.slice(0, length).join(" ");
  if (name === "" || name === "auth") return { flags };
  if (!isOneOf(Object.keys(forms) as CommandName[], name)) {
    const parent = length === 2 ? "databricks auth" : "databricks";
    throw refusal(`unknown command "${words[length - 1]}" for "${parent}"`);
  }
  const form: Form = forms[name];
  const [word, ...more] = words.slice(length);
  const foreign = Object.keys(flags).find((flag) =>
    !common.includes(flag) && !form.flags.includes(flag)
  );
  if (foreign !== undefined) throw refusal(`unknown flag: --${foreign}`, form);
  const count = more.length + (word === undefined ? 0 : 1);
  if (count > form.words) {
    throw refusal(
      form.words === 0
        ? `unknown command "${word}" for "databricks ${name}"`
        : `accepts at most ${form.words} arg(s), received ${count}`,
      form,
    );
  }
  if (flags.output !== undefined && !/^(json|text)$/i.test(flags.output)) {
    throw refusal(
      'invalid argument for "-o, --output" flag: accepted arguments are text and json',
      form,
    );
  }
  return { command: name, ...present({ word }), flags };
}

function refusal(message: string, form?: Form): FobError {
  return new FobError("usage", message, {
    facts: form === undefined ? {} : { usage: `databricks ${form.usage}` },
  });
}

function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return (words as readonly string[]).includes(word);
}

/** The output of `databricks --help`. */
export function helpText(command: CommandName | undefined): string {
  if (command !== undefined) {
    const { about, usage, flags } = forms[command];
    const names = ["profile", "output", ...flags].map((flag) => `  --${flag}\n`).join("");
    return `${about}\n\nUsage:\n  databricks ${usage}\n\nFlags:\n${names}`;
  }
  const width = Math.max(...Object.keys(forms).map((name) => name.length));
  const lines = Object.entries(forms).map(([name, { about }]) =>
    `  ${name.padEnd(width)}  ${about}\n`
  );
  return "The sign-in commands of the Databricks CLI, provided by fob\n\n" +
    `Usage:\n  databricks [command]\n\nAvailable Commands:\n${lines.join("")}`;
}
