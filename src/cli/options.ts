import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { FobError } from "../errors.ts";
import type { VariableName } from "../variables.ts";
import type { OutputForm } from "./ui/output_format.ts";
import { formatEntries } from "./ui/wrap.ts";

/** The global options, as parsed. */
export interface CommonOptions {
  readonly profile?: string;
  readonly output?: OutputForm;
  readonly verbose?: true;
  readonly input: boolean;
}

/** The heading of the global options in help. */
export const globalOptions = "Global options:";

/** The help of `--min-ttl`. */
export const minTtlHelp =
  "least remaining lifetime of the token (default: 5m, or a third of a short lifetime)";

/** Adds a command with the global options. */
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
      new Option("-p, --profile <name>", "profile, or host that the token is for")
        .helpGroup(globalOptions),
    ),
  );
}

/** Adds the global options except `--profile`, for a command that defines its own. */
// deno-lint-ignore explicit-function-return-type
export function withOutputOptions<Args extends unknown[], Options extends OptionValues>(
  command: Command<Args, Options>,
) {
  return command
    .addOption(
      new Option("-o, --output <form>", "output format")
        .choices(["text", "json"] as const)
        .helpGroup(globalOptions),
    )
    .addOption(
      new Option("-v, --verbose", "print decisions and their reasons on stderr").helpGroup(
        globalOptions,
      ),
    )
    .addOption(new Option("--no-input", "never prompt").helpGroup(globalOptions));
}

/**
 * The profile or host, from the argument or `--profile`.
 *
 * @throws {FobError} `usage` if both are given and differ.
 */
export function nameFrom(
  argument: string | undefined,
  { profile }: { readonly profile?: string | undefined },
): string | undefined {
  if (argument !== undefined && profile !== undefined && argument !== profile) {
    throw new FobError(
      "usage",
      `Conflicting profiles "${argument}" and "${profile}"`,
    );
  }
  return argument ?? profile;
}

/** Collects the values of a repeatable option. */
export function oneMore(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** The examples section of help, one command per line. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}

/** The environment section of help: the variables that matter most to a command. */
export function variables(entries: Readonly<Partial<Record<VariableName, string>>>): string {
  return section("Environment", entries);
}

/** A section of help with names and descriptions. */
export function section(title: string, entries: Readonly<Record<string, string>>): string {
  return `\n\n${title}:\n${formatEntries(Object.entries(entries), 80).trimEnd()}`;
}
