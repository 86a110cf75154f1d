import { type Command, Option } from "@commander-js/extra-typings";
import { present } from "../../present.ts";
import type { CommandContext } from "../context.ts";
import {
  addCommand,
  type CommonOptions,
  examples,
  minTtlHelp,
  nameFrom,
  variables,
} from "../options.ts";
import { runToken, type TokenArguments } from "./token.ts";

export function addToken(auth: Command, context: CommandContext): void {
  tokenCommand(auth, (args) => runToken(args, context));
}

/** The command as the parser knows it; `act` gets what the front door would have read. */
export function tokenCommand(auth: Command, act: (args: TokenArguments) => Promise<void>): void {
  addCommand(auth, "token", "Print a token that is still good, refreshed if need be")
    .argument("[profile|host]", "whose token; see the order below")
    .option("--host <url>", "the same, by the host that it is for")
    .option("--account-id <id>", "the account of that host (Databricks)")
    .option("--workspace-id <id>", "the workspace of that host (Databricks)")
    .addOption(new Option("--experimental-is-unified-host", "said by some SDKs").hideHelp())
    .option("--force-refresh", "refresh even a token that is still good")
    .option("--min-ttl <duration>", minTtlHelp)
    .addHelpText("after", tokenHelp)
    .action((argument, options) => act(argumentsFrom(argument, options)));
}

const tokenHelp = examples(
  "fob auth token",
  "fob auth token work -o text",
  'curl -H "Authorization: Bearer $(fob auth token -o text)" https://api.example.com',
) + variables({
  API_TOKEN: "answers before anything that is kept, unless a profile is named",
  FOB_PROFILE: "the profile where none is named; then come rules, the default, and the only one",
  FOB_AUTH_STORAGE: "secure or plaintext: where credentials are kept",
});

interface TokenOptions {
  readonly host?: string;
  readonly accountId?: string;
  readonly workspaceId?: string;
  readonly forceRefresh?: true;
  readonly minTtl?: string;
}

function argumentsFrom(
  argument: string | undefined,
  options: CommonOptions & TokenOptions,
): TokenArguments {
  const { accountId, workspaceId, forceRefresh, minTtl, output } = options;
  const named = nameFrom(nameFrom(argument, options), { profile: options.host });
  return present({ named, accountId, workspaceId, forceRefresh, minTtl, output });
}
