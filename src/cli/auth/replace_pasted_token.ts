import type { KeepNeeds, Login } from "../../credentials/login.ts";
import { FobError } from "../../errors.ts";
import {
  otherTokens,
  type Owner,
  type PastedTokenLogin,
  type PastedTokenNeeds,
  replacePastedToken,
} from "../../leases/replace_pasted_token.ts";
import { present } from "../../present.ts";
import type { Profile } from "../../profiles/profile.ts";
import { tokenPlatform } from "../../profiles/token_platform.ts";
import { chooseWorkload } from "../../profiles/workload_identity.ts";
import type { Secret } from "../../secret.ts";
import { printable } from "../../text/printable.ts";
import { workloadToken } from "../../tokens/workload_token.ts";
import type { CommandContext } from "../context.ts";
import { describeDuration, parseDuration } from "../ui/duration.ts";
import { askChoice, askText } from "../ui/prompts.ts";

/** Options of a login with a pasted token. */
export interface PastedTokenOptions {
  readonly lifetime?: string;
  readonly owner?: string;
  readonly replace?: true;
}

/** The options that say where a login is for. */
interface Place {
  readonly withToken?: true;
  readonly provider?: string;
  readonly host?: string;
}

/**
 * Adds a host to `options` if there are no profiles and no host is given: from the host variable of a platform
 * that issues tokens by an API, or else from a prompt.
 */
export async function withDefaultHost<Options extends Place>(
  named: string | undefined,
  options: Options,
  context: CommandContext,
): Promise<Options> {
  const { withToken, provider, host } = options;
  const platform = tokenPlatform(undefined, {
    environment: context.system.environment,
    platforms: context.providers.platforms.filter(({ id }) =>
      provider === undefined || id === provider
    ),
  });
  const isGiven = named !== undefined || host !== undefined || !withToken;
  if (isGiven || platform === undefined || (await context.storage.profiles()).names().length > 0) {
    return options;
  }
  const variable = platform.variables?.host;
  const set = variable === undefined ? undefined : context.system.environment.get(variable);
  if (set !== undefined) return { ...options, host: set, provider: platform.id };
  if (!context.io.terminal.canAsk) return options;
  return {
    ...options,
    host: await askText("Address of the API that the token is for", "--host URL", context),
  };
}

type Issuer = PastedTokenNeeds["issuer"];
type Platform = CommandContext["providers"]["platforms"][number];

/** The default of `--lifetime`. */
const defaultLifetime = "90d";
/** The least lifetime, milliseconds. */
const leastLifetime = 60_000;

/**
 * Exchanges a pasted token for a token of fob's own and signs in with it; `undefined` if the platform has no API
 * for that and the pasted token is to be stored.
 */
export async function replacePasted(
  profile: Profile,
  options: PastedTokenOptions,
  read: () => Promise<Secret>,
  keeping: KeepNeeds,
  context: CommandContext,
): Promise<Login | undefined> {
  const { provider, host } = profile;
  const issuer = host === undefined
    ? undefined
    : await context.providers.tokenIssuer(provider, host);
  if (issuer === undefined) {
    assertNone(options, provider);
    return undefined;
  }
  const platform = context.providers.platforms.find(({ id }) => id === provider);
  const owner = await ownerFrom(options, issuer.host, platform, context);
  const request = {
    lifetime: readLifetime(options),
    replace: options.replace ?? false,
    ...present({ owner }),
  };
  const records = await context.system.runRecords();
  const minting = {
    issuer,
    records,
    notes: context.system.notes(),
    random: Math.random,
    clock: context.system.clock,
    notice: context.io.notice,
    turns: context.system.locks(),
  };
  const ask = (): Promise<Secret> => {
    showWhereToMake(issuer, platform, context);
    return read();
  };
  const login = await replacePastedToken(profile, request, ask, { ...keeping, ...minting });
  if (login.kept.tokenId !== undefined) await offerRevocation(login, issuer, context);
  return login;
}

function assertNone(options: PastedTokenOptions, provider: string): void {
  const given = (["lifetime", "owner", "replace"] as const)
    .find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new FobError(
    "usage",
    `--${given} is not supported for tokens of the provider ${provider}`,
  );
}

function readLifetime({ lifetime: text = defaultLifetime }: PastedTokenOptions): number {
  const lifetime = parseDuration(text, "--lifetime");
  if (lifetime >= leastLifetime) return lifetime;
  throw new FobError("usage", `--lifetime must be at least 1 minute: "${text}"`);
}

/** The required owner of the token: `--owner`, or the creator of the Databricks app that fob runs in. */
async function ownerFrom(
  { owner }: PastedTokenOptions,
  host: string,
  platform: Platform | undefined,
  context: CommandContext,
): Promise<Owner | undefined> {
  if (owner !== undefined) return { name: owner, source: "--owner" };
  const source = platform?.tokenApi?.app?.variable;
  const app = source === undefined ? undefined : context.system.environment.get(source);
  if (platform === undefined || app === undefined) return undefined;
  const unknown = new FobError(
    "usage",
    `${source} is set, but the creator of the app "${app}" is unknown`,
    { facts: { option: "--owner" } },
  );
  const own = chooseWorkload(platform, context.system.environment, { isLogin: false, host });
  if (own === undefined || own.target.host === undefined) throw unknown;
  const { token } = await workloadToken(own, undefined, {
    provider: context.providers.open,
    identity: context.providers.identity,
    clock: context.system.clock,
    notice: context.io.notice,
  });
  const { origin } = await context.providers.secureAddress(own.target.host, "host");
  context.io.notice(`${own.source} is set and is used if no profile is named`);
  const name = await context.providers.appCreator(platform.id, origin, app, token);
  if (name === undefined) throw unknown;
  return { name, source: `creator of the app "${app}"` };
}

function showWhereToMake(
  { host }: Issuer,
  platform: Platform | undefined,
  { io: { terminal } }: CommandContext,
): void {
  const page = platform?.tokenApi?.page;
  if (!terminal.canAsk || page === undefined) return;
  terminal.say(`Create a token at ${host}${page}. A short lifetime is enough.`);
}

/** Prompts for a token to revoke. The ID of the pasted token is unknown, so the user chooses it from a list. */
async function offerRevocation(
  login: PastedTokenLogin,
  issuer: Issuer,
  context: CommandContext,
): Promise<void> {
  if (!context.io.terminal.canAsk) return;
  const { io: { notice }, system: { clock } } = context;
  try {
    const others = await otherTokens(login, issuer);
    if (others.length === 0) return;
    const choice = await askChoice(
      "fob created its own token. Revoke the pasted one?",
      [
        { value: "", label: "no" },
        ...others.map(({ id, comment, expiresAt }) => ({
          value: id,
          label: `${id.slice(0, 8)}  ${shownComment(comment)}  ${endOf(expiresAt, clock.now())}`,
        })),
      ],
      "nothing",
      context,
    );
    if (choice === "") return;
    await issuer.revoke(login.kept.token, choice);
    notice(`Revoked the token ${choice.slice(0, 8)}`);
  } catch (error) {
    // The login is complete. A failure here does not change that.
    if (!(error instanceof FobError)) throw error;
    notice(`No other token was revoked: ${error.message}`);
  }
}

function shownComment(comment: string): string {
  return printable(comment, 60) || "(no comment)";
}

function endOf(expiresAt: number | undefined, now: number): string {
  return expiresAt === undefined
    ? "does not expire"
    : `expires in ${describeDuration(expiresAt - now)}`;
}
