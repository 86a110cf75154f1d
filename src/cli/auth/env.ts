import { type Command, Option } from "@commander-js/extra-typings";
import { childVariables } from "../../api/child_environment.ts";
import { FobError } from "../../errors.ts";
import {
  formatVariables,
  maskCommand,
  type Shell,
  shells,
  type Variables,
} from "../../protocols/shell_variables.ts";
import type { Secret } from "../../secret.ts";
import { findToken } from "../../tokens/token_for_choice.ts";
import { audited } from "../audited.ts";
import type { CommandContext } from "../context.ts";
import { findTokenNeeds } from "../needs.ts";
import {
  addCommand,
  type CommonOptions,
  examples,
  minTtlHelp,
  nameFrom,
  variables,
} from "../options.ts";
import { asJson } from "../ui/answer.ts";
import { readTokenRequest } from "./token.ts";

interface EnvOptions extends CommonOptions {
  readonly shell?: Shell;
  readonly minTtl?: string;
}

export function addEnv(auth: Command, context: CommandContext): void {
  addCommand(auth, "env", "Print a fresh token as shell variables")
    .argument("[profile|host]", "profile or host of the token (default: the current login)")
    .addOption(
      new Option("--shell <shell>", "output format (default: from $SHELL)").choices(
        shells,
      ),
    )
    .option("--min-ttl <duration>", minTtlHelp)
    .addHelpText("after", envHelp)
    .action((argument, options) => runEnv(nameFrom(argument, options), options, context));
}

const envHelp = examples(
  Deno.build.os === "windows"
    ? "fob auth env | Out-String | Invoke-Expression"
    : 'eval "$(fob auth env)"',
  "fob auth env work --shell fish | source",
  "fob auth env --shell dotenv > .env",
  "fob auth env --shell github",
) + variables({
  GITHUB_ENV: "file that --shell github appends to, after masking the token in the log",
});

async function runEnv(
  named: string | undefined,
  { shell: asked, output, ...options }: EnvOptions,
  context: CommandContext,
): Promise<void> {
  const request = readTokenRequest(options);
  const found = await audited(
    "auth env",
    context,
    () => findToken(named, request, findTokenNeeds(context)),
  );
  const platform = context.providers.platforms.find(({ id }) => id === found.provider);
  const changes = childVariables(found, platform);
  const shell = asked ?? shellOf(context);
  if (output === "json") return context.io.terminal.answer(variablesJson(changes));
  if (shell === "github") return await reportStep(found.token, changes, context);
  context.io.terminal.answer(formatVariables(changes, shell));
}

/** Variables to unset are `null`. */
function variablesJson({ set, unset }: Variables): string {
  const gone = Object.fromEntries(unset.map((name) => [name, null]));
  return asJson({ ...set, ...gone });
}

/** The output of a step is public in the log. Only the command that masks the token is printed. */
async function reportStep(
  token: Secret,
  changes: Variables,
  context: CommandContext,
): Promise<void> {
  const path = context.system.environment.get("GITHUB_ENV");
  if (path === undefined) {
    throw new FobError(
      "usage",
      "GITHUB_ENV is not set. --shell github works only in a step of GitHub Actions",
      {
        facts: { example: "fob auth env --shell dotenv" },
      },
    );
  }
  const lines = formatVariables(changes, "github");
  await context.tools.appendToStep(
    path,
    lines,
    () => context.io.terminal.answer(maskCommand(token.reveal())),
  );
}

function shellOf({ system: { environment } }: CommandContext): Shell {
  const shell = environment.get("SHELL");
  if (shell === undefined) return Deno.build.os === "windows" ? "powershell" : "bash";
  if (/(pwsh|powershell)(\.exe)?$/.test(shell)) return "powershell";
  return shell.endsWith("/fish") ? "fish" : "bash";
}
