import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import { type Choice, chooseCredential } from "../../profiles/choose.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { MachineChoice } from "../../profiles/workload_identity.ts";
import { formatTokenJson, type TokenAnswer } from "../../protocols/token_json.ts";
import { accessToken } from "../../tokens/access_token.ts";
import { tokenInVariable } from "../../tokens/static_token.ts";
import type { AccessToken, TokenWish } from "../../tokens/token.ts";
import { audited } from "../audited.ts";
import type { World } from "../context.ts";
import { parseDuration } from "../ui/duration.ts";

/** The words after `fob auth token`, as both readers of the command line give them. */
export interface TokenArguments {
  /** The profile or host, wherever it was named. */
  readonly named?: string;
  /** The parts of a host, for a platform that divides one. */
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
 * The front door: reads `fob auth token …` where it is written in the plainest way, so that the command
 * parser, and the Node layer that it needs, stay unloaded. `undefined`: let the parser have it.
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

/** `fob auth token`: prints a token that lives long enough. */
export async function runToken(args: TokenArguments, world: World): Promise<void> {
  const wish = readWish(args);
  const token = await audited(
    "auth token",
    world,
    () => findToken(nameWithParts(args), wish, world),
  );
  world.terminal.answer(
    args.output === "text" ? `${token.accessToken}\n` : formatTokenJson(askedAgain(token, world)),
  );
}

/** Milliseconds after which Databricks' SDKs shall ask again for a token of which nobody knows the end. */
const askAgainAfter = 3_600_000;

/** Databricks' SDKs take no token that does not say when it ends. How long it lives is said where it is known. */
export function askedAgain(
  token: TokenAnswer & { readonly provider?: string },
  { clock }: World,
): TokenAnswer {
  if (token.provider !== "databricks") return token;
  const { expiresAt } = token;
  if (expiresAt === undefined) return { ...token, expiresAt: clock.now() + askAgainAfter };
  return { ...token, expiresIn: Math.max(0, Math.floor((expiresAt - clock.now()) / 1000)) };
}

/** A host's parts are said in its query, as Databricks' addresses do. */
function nameWithParts({ named, accountId, workspaceId }: TokenArguments): string | undefined {
  if (named === undefined) return undefined;
  const query = new URLSearchParams(present({ account_id: accountId, w: workspaceId }));
  return query.size === 0 ? named : `${named}${named.includes("?") ? "&" : "?"}${query}`;
}

/** A token as it is handed out, and whose it is. */
export interface FoundToken extends TokenAnswer {
  readonly host?: string;
  readonly provider?: string;
  readonly profile?: string;
}

/**
 * The token of the credential that `named` or else the usual order chooses. `origins`: of the host that it is
 * for, where that is known.
 */
export async function findToken(
  named: string | undefined,
  wish: TokenWish,
  world: World,
  origins?: readonly string[],
): Promise<FoundToken> {
  return await answerOfChoice(await choose(named, world, origins), wish, world);
}

/** Which credential `named` or else the usual order chooses. */
export async function choose(
  named: string | undefined,
  world: World,
  origins?: readonly string[],
): Promise<Choice> {
  const choice = await chooseCredential(named, world, origins);
  world.trace(`the credential is chosen by ${choice.source}`);
  return choice;
}

/** The token of a credential that has been chosen. */
export async function answerOfChoice(
  choice: Choice,
  wish: TokenWish,
  world: World,
): Promise<FoundToken> {
  if (choice.kind === "environment") {
    const { host, provider } = choice;
    const { token, ...rest } = tokenInVariable(choice, world.clock.now());
    noticeFixed(choice.source, rest.expiresAt, wish, world);
    return {
      accessToken: token.reveal(),
      ...rest,
      ...present({ host, provider }),
    };
  }
  if (choice.kind === "machine") return await askForMachine(choice, wish, world);
  return await answerOf(choice.profile, wish, world);
}

/** The token of the login that is kept for `profile`, as it is handed out. */
export async function answerOf(
  profile: Profile,
  wish: TokenWish,
  world: World,
): Promise<FoundToken & { readonly provider: string }> {
  const { token, ...rest } = await tokenOf(profile, wish, world);
  return {
    accessToken: token.reveal(),
    ...rest,
    provider: profile.provider,
    profile: profile.name,
    ...present({ host: profile.host }),
  };
}

/** The token of the login that is kept for `profile`, refreshed if need be; or by the secret of its file. */
export async function tokenOf(
  profile: Profile,
  wish: TokenWish,
  world: World,
): Promise<AccessToken> {
  const { stated } = profile;
  if (stated !== undefined) {
    world.trace(`profile "${profile.name}", whose secret stands in "${stated.path}"`);
    const { statedToken } = await import("../../tokens/config_file_token.ts");
    return await statedToken({ ...profile, stated }, wish, world);
  }
  const { store, chosen, locks } = await world.storage(profile);
  world.trace(`profile "${profile.name}", storage mode ${chosen.mode} (${chosen.source})`);
  return await accessToken(profile, wish, {
    ...world,
    store,
    locks,
    refresh: async (authorization, exchange) =>
      await (await world.provider(profile.provider)).refresh(authorization, exchange),
    authenticate: async (authorization) =>
      await (await world.provider(profile.provider)).authenticate(authorization),
  });
}

/** Says that a token from the environment is as it is, to whom wants another. */
function noticeFixed(
  source: string,
  expiresAt: number | undefined,
  { force, minTtl }: TokenWish,
  { clock, notice }: World,
): void {
  const answers = `${source} is set and answers: nothing can refresh it`;
  const isLong = expiresAt !== undefined && expiresAt - clock.now() >= (minTtl ?? 0);
  if (expiresAt === undefined && (force || minTtl !== undefined)) {
    notice(`${answers}, or tell how long it lives`);
  } else if (force || (minTtl !== undefined && !isLong)) notice(answers);
}

/** A program's own token, which no store and no file knows. */
async function askForMachine(
  choice: MachineChoice,
  { minTtl }: TokenWish,
  world: World,
): Promise<TokenAnswer & { host: string; provider: string }> {
  const { machineToken } = await import("../../tokens/workload_token.ts");
  const { token, ...rest } = await machineToken(choice, minTtl, world);
  const { provider, target: { host } } = choice;
  return { accessToken: token.reveal(), ...rest, provider, host };
}

/** How fresh the token has to be. */
export function readWish(
  { forceRefresh, minTtl }: Pick<TokenArguments, "forceRefresh" | "minTtl">,
): TokenWish {
  const limit = minTtl === undefined ? undefined : parseDuration(minTtl, "--min-ttl");
  if (limit !== undefined && limit > 86_400_000) {
    throw new FobError("usage", `--min-ttl is longer than a day: "${minTtl}"`, {
      facts: { option: "--min-ttl", example: "90s, 5m, 1h" },
    });
  }
  return { force: forceRefresh ?? false, ...present({ minTtl: limit }) };
}
