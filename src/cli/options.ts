import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { FobError } from "../errors.ts";
import type { VariableName } from "../variables.ts";
import type { OutputForm } from "./ui/output_format.ts";
import { formatEntries } from "./ui/wrap.ts";

/** The options that every command has, as the parser gives them. */
export interface CommonOptions {
  readonly profile?: string;
  readonly output?: OutputForm;
  readonly verbose?: true;
  readonly input: boolean;
}

/** The heading of those options, in a command's help. */
export const everyCommand = "After any command:";

/** What `--min-ttl` is, where a person asks. */
export const minTtlHelp =
  "how long the token must still live (default: 5m, or a third of a short life)";

/** Adds a command with the options that every command has. */
export function addCommand(
  parent: Command,
  name: string,
  description: string,
): ReturnType<typeof withCommonOptions> {
  return withCommonOptions(parent.command(name).description(description));
}

// deno-lint-ignore explicit-function-return-type
function withCommonOptions(command: Command) {
  return withOutputOptions(
    command.addOption(
      new Option("-p, --profile <name>", "the profile, or the host that it is for")
        .helpGroup(everyCommand),
    ),
  );
}

/** Adds the options that every command has but `--profile`, for one that means more than one by it. */
// deno-lint-ignore explicit-function-return-type
export function withOutputOptions<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
) {
  return command
    .addOption(
      new Option("-o, --output <form>", "how to print the answer")
        .choices(["text", "json"] as const)
        .helpGroup(everyCommand),
    )
    .addOption(
      new Option("-v, --verbose", "say on stderr what is decided, and why").helpGroup(everyCommand),
    )
    .addOption(new Option("--no-input", "never ask anything").helpGroup(everyCommand));
}

/**
 * The profile or host, whether it stands alone or after `--profile`.
 *
 * @throws {FobError} `usage` where both are there and differ.
 */
export function nameFrom(
  argument: string | undefined,
  { profile }: { readonly profile?: string | undefined },
): string | undefined {
  if (argument !== undefined && profile !== undefined && argument !== profile) {
    throw new FobError(
      "usage",
      `Two profiles are named, "${argument}" and "${profile}": which one?`,
    );
  }
  return argument ?? profile;
}

/** Reads an option that may be given more than once. */
export function oneMore(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** The lines at the end of a command's help: how it is used, one line each. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}

/** The environment variables that matter most to a command, at the end of its help. */
export function variables(entries: Readonly<Partial<Record<VariableName, string>>>): string {
  return section("Environment", entries);
}

/** Names and what is to be said of them, at the end of a command's help. */
export function section(title: string, entries: Readonly<Record<string, string>>): string {
  return `\n\n${title}:\n${formatEntries(Object.entries(entries), 80).trimEnd()}`;
}
