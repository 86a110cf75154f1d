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

/** Defines the command for the parser. `act` gets the same arguments as from `readTokenArguments`. */
export function tokenCommand(auth: Command, act: (args: TokenArguments) => Promise<void>): void {
  addCommand(auth, "token", "Print a valid token, refreshed if needed")
    .argument("[profile|host]", "profile or host of the token (default: see Environment)")
    .option("--host <url>", "host of the token")
    .option("--account-id <id>", "account ID of the host (Databricks)")
    .option("--workspace-id <id>", "workspace ID of the host (Databricks)")
    .addOption(
      new Option("--experimental-is-unified-host", "accepted for SDKs that pass it").hideHelp(),
    )
    .option("--force-refresh", "refresh the token even if it is valid")
    .option("--min-ttl <duration>", minTtlHelp)
    .addHelpText("after", tokenHelp)
    .action((argument, options) => act(argumentsFrom(argument, options)));
}

const tokenHelp = examples(
  "fob auth token",
  "fob auth token work -o text",
  'curl -H "Authorization: Bearer $(fob auth token -o text)" https://api.example.com',
) + variables({
  API_TOKEN: "token to use instead of a stored login, unless a profile is named",
  FOB_PROFILE: "profile if none is named; next: rules, the default, the only profile",
  FOB_AUTH_STORAGE: "secure or plaintext: where credentials are stored",
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
