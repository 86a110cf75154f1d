import type { KeepNeeds, Login } from "../../credentials/login.ts";
import { FobError } from "../../errors.ts";
import {
  otherTokens,
  type Owner,
  replacePastedToken,
  type RootLogin,
  type RootNeeds,
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

/** What a person says about a login with a token. */
export interface RootOptions {
  readonly lifetime?: string;
  readonly owner?: string;
  readonly replace?: true;
}

/** What says where a login is for. */
interface Place {
  readonly withToken?: true;
  readonly provider?: string;
  readonly host?: string;
}

/**
 * `options`, with a host if nothing is set up and no host is given: the one in the host variable of a platform
 * that makes tokens, as in its apps; else the person is asked.
 */
export async function withUsualHost<Options extends Place>(
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
  const isSaid = named !== undefined || host !== undefined || !withToken;
  if (isSaid || platform === undefined || (await context.storage.profiles()).names().length > 0) {
    return options;
  }
  const variable = platform.variables?.host;
  const told = variable === undefined ? undefined : context.system.environment.get(variable);
  if (told !== undefined) return { ...options, host: told, provider: platform.id };
  if (!context.io.terminal.canAsk) return options;
  return { ...options, host: await askText("For which address is the token?", "--host", context) };
}

type Issuer = RootNeeds["issuer"];
type Platform = CommandContext["providers"]["platforms"][number];

/** How long fob's own token lives where nobody says. */
const usualLife = "90d";
/** Milliseconds. */
const shortest = 60_000;

/**
 * Signs in with a token where the platform makes tokens by an API; `undefined` where it does not, so that
 * the token is kept as it is.
 */
export async function replaceByRoot(
  profile: Profile,
  options: RootOptions,
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
  const wish = {
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
  const login = await replacePastedToken(profile, wish, ask, { ...keeping, ...minting });
  if (login.kept.tokenId !== undefined) await offerRevocation(login, issuer, context);
  return login;
}

function assertNone(options: RootOptions, provider: string): void {
  const given = (["lifetime", "owner", "replace"] as const)
    .find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new FobError(
    "usage",
    `--${given} means nothing for a token of the provider ${provider}: it is kept as it is`,
  );
}

function readLifetime({ lifetime: text = usualLife }: RootOptions): number {
  const lifetime = parseDuration(text, "--lifetime");
  if (lifetime >= shortest) return lifetime;
  throw new FobError("usage", `--lifetime is less than a minute: "${text}"`);
}

/** Who the token has to be of: whom the person names, or else who made the app that this is. */
async function ownerFrom(
  { owner }: RootOptions,
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
    `${source} is set, and nothing says who made the app "${app}"`,
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
  context.io.notice(`${own.source} is set, and answers where no profile is named`);
  const name = await context.providers.appCreator(platform.id, origin, app, token);
  if (name === undefined) throw unknown;
  return { name, source: `who made the app "${app}"` };
}

function showWhereToMake(
  { host }: Issuer,
  platform: Platform | undefined,
  { io: { terminal } }: CommandContext,
): void {
  const page = platform?.tokenApi?.page;
  if (!terminal.canAsk || page === undefined) return;
  terminal.say(`Make a token at ${host}${page}; a short life is enough.`);
}

/** Which of the person's tokens was pasted, nobody can tell from it: they choose from the list, or none. */
async function offerRevocation(
  login: RootLogin,
  issuer: Issuer,
  context: CommandContext,
): Promise<void> {
  if (!context.io.terminal.canAsk) return;
  const { io: { notice }, system: { clock } } = context;
  try {
    const others = await otherTokens(login, issuer);
    if (others.length === 0) return;
    const choice = await askChoice(
      "fob has a token of its own now. End the one that was pasted?",
      [
        { value: "", label: "leave all as they are" },
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
    notice(`The token ${choice.slice(0, 8)} is revoked`);
  } catch (error) {
    // The login is done, whatever becomes of this.
    if (!(error instanceof FobError)) throw error;
    notice(`No other token was revoked: ${error.message}`);
  }
}

function shownComment(comment: string): string {
  return printable(comment, 60) || "(no comment)";
}

function endOf(expiresAt: number | undefined, now: number): string {
  return expiresAt === undefined ? "no end" : `ends in ${describeDuration(expiresAt - now)}`;
}
