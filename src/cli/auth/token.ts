import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import { formatTokenJson, type TokenFields } from "../../protocols/token_json.ts";
import type { FoundToken, TokenRequest } from "../../tokens/token.ts";
import { findToken } from "../../tokens/token_for_choice.ts";
import { audited } from "../audited.ts";
import type { CommandContext } from "../context.ts";
import { findTokenNeeds } from "../needs.ts";
import { parseDuration } from "../ui/duration.ts";

/** The arguments of `fob auth token`, as both readers of the command line return them. */
export interface TokenArguments {
  /** The profile or host, from the argument or an option. */
  readonly named?: string;
  /** The account and workspace of a Databricks host. */
  readonly accountId?: string;
  readonly workspaceId?: string;
  readonly forceRefresh?: boolean;
  readonly minTtl?: string;
  readonly output?: "json" | "text";
  readonly verbose?: boolean;
}

/** The options that have a value. */
const valued: Readonly<
  Record<string, "named" | "accountId" | "workspaceId" | "minTtl" | "output">
> = {
  "--profile": "named",
  "-p": "named",
  "--host": "named",
  "--account-id": "accountId",
  "--workspace-id": "workspaceId",
  "--min-ttl": "minTtl",
  "--output": "output",
  "-o": "output",
};

/**
 * Reads the common forms of `fob auth token` without loading the command parser and the Node layer that it needs.
 * Returns `undefined` for anything else, which the parser then reads.
 */
export function readTokenArguments(argv: readonly string[]): TokenArguments | undefined {
  if (argv[0] !== "auth" || argv[1] !== "token") return undefined;
  const found: { -readonly [K in keyof TokenArguments]: TokenArguments[K] } = {};
  for (let i = 2; i < argv.length; i++) {
    const word = argv[i] ?? "";
    const option = valued[word];
    if (word === "--force-refresh") found.forceRefresh = true;
    else if (option !== undefined) {
      const value = argv[++i];
      if (value === undefined || value === "" || value.startsWith("-")) return undefined;
      if (option !== "output" && found[option] === undefined) found[option] = value;
      else if (option === "output" && (value === "json" || value === "text")) found.output = value;
      else return undefined;
    } else if (word === "" || word.startsWith("-") || found.named !== undefined) return undefined;
    else found.named = word;
  }
  return found;
}

/** `fob auth token`: prints a token that is valid for at least `--min-ttl`. */
export async function runToken(args: TokenArguments, context: CommandContext): Promise<void> {
  const request = readTokenRequest(args);
  const found = await audited(
    "auth token",
    context,
    () => findToken(nameWithParts(args), request, findTokenNeeds(context)),
  );
  context.io.terminal.answer(
    args.output === "text"
      ? `${found.token.reveal()}\n`
      : formatTokenJson(withExpiry(found, context)),
  );
}

/** Adds an expiry if the tools of the platform require one, and the lifetime if it is known. */
export function withExpiry(
  found: FoundToken,
  { system: { clock }, providers: { platforms } }: {
    readonly system: Pick<CommandContext["system"], "clock">;
    readonly providers: Pick<CommandContext["providers"], "platforms">;
  },
): TokenFields {
  const answers = platforms.find(({ id }) => id === found.provider)?.answers;
  if (answers?.expiryIfUnknown === undefined) return found;
  const { expiresAt } = found;
  if (expiresAt === undefined) {
    return { ...found, expiresAt: clock.now() + answers.expiryIfUnknown };
  }
  return { ...found, expiresIn: Math.max(0, Math.floor((expiresAt - clock.now()) / 1000)) };
}

/** Adds the account and workspace to the query of the host, as in addresses of Databricks. */
function nameWithParts({ named, accountId, workspaceId }: TokenArguments): string | undefined {
  if (named === undefined) return undefined;
  const query = new URLSearchParams(present({ account_id: accountId, w: workspaceId }));
  return query.size === 0 ? named : `${named}${named.includes("?") ? "&" : "?"}${query}`;
}

/** Reads `--force-refresh` and `--min-ttl`. Throws `FobError` `usage`. */
export function readTokenRequest(
  { forceRefresh, minTtl }: Pick<TokenArguments, "forceRefresh" | "minTtl">,
): TokenRequest {
  const limit = minTtl === undefined ? undefined : parseDuration(minTtl, "--min-ttl");
  if (limit !== undefined && limit > 86_400_000) {
    throw new FobError("usage", `--min-ttl is longer than a day: "${minTtl}"`, {
      facts: { option: "--min-ttl", example: "90s, 5m, 1h" },
    });
  }
  return { force: forceRefresh ?? false, ...present({ minTtl: limit }) };
}
