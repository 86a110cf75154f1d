import type { PatCredential } from "../../credentials/credential.ts";
import { requireCredential } from "../../credentials/require_credential.ts";
import { FobError } from "../../errors.ts";
import { type LeaseRequest, type MintNeeds, openLease } from "../../leases/open.ts";
import { recordsOrNone, selfRenewingRoot } from "../../leases/self_renewing.ts";
import { present } from "../../present.ts";
import type { Choice } from "../../profiles/choose.ts";
import { platformFor } from "../../profiles/place.ts";
import type { Profile } from "../../profiles/profile.ts";
import { tokenPlatform } from "../../profiles/token_platform.ts";
import { Secret } from "../../secret.ts";
import { pastedToken, tokenInVariable } from "../../tokens/static_token.ts";
import type { TokenSource } from "../../tokens/token_source.ts";
import { audited } from "../audited.ts";
import { chooseOrRead, type TokenFileOption } from "../auth/token_argument.ts";
import type { CommandContext } from "../context.ts";
import { environmentNeeds } from "../needs.ts";
import { describeDuration, parseDuration } from "../ui/duration.ts";
import { readSecret } from "../ui/read_secret.ts";
import { openSource } from "./token_source.ts";

/** What a person says about a lease. */
export interface LeaseOptions extends TokenFileOption {
  readonly lease?: string;
  readonly chain?: true;
}

/** What `--lease` is where only `--chain` is there. */
const usualLife = "15m";
/** Milliseconds. Less is over before the command is there, and more is no lease. */
const [shortest, longest] = [60_000, 86_400_000];

type TokenIssuer = MintNeeds["issuer"];

/** The token API of a platform. */
interface FoundIssuer {
  readonly issuer: TokenIssuer;
  readonly provider: string;
}

/** What tokens are made with. */
interface Root {
  readonly issuer: TokenIssuer;
  readonly wish: Omit<LeaseRequest, "lifetime">;
  readonly root: (held: Secret | undefined) => Promise<Secret>;
}

/** Opens what has been found. `signal` cuts waiting short until there is a token. */
export type OpenLease = (signal: AbortSignal) => Promise<TokenSource>;

/**
 * Finds what makes short tokens for one command, from what `named` or else the usual order chooses; a
 * person may be asked. A login of OAuth has short tokens already: its access token is the lease.
 *
 * @throws {FobError} `usage` where nothing makes short tokens from what is chosen.
 */
export async function findLease(
  named: string | undefined,
  options: LeaseOptions,
  context: CommandContext,
): Promise<OpenLease> {
  const lifetime = readLifetime(options);
  if (options.chain) {
    return openerOf(await chainOf(named, options, context), lifetime, options, context);
  }
  const choice = await chooseOrRead(named, options, context);
  const found = await rootOf(choice, context);
  if (found !== undefined) return openerOf(found, lifetime, options, context);
  context.io.trace("the platform's own access token is the lease");
  return () => openSource(choice, {}, context);
}

function openerOf(
  found: Root,
  lifetime: number,
  options: LeaseOptions,
  context: CommandContext,
): OpenLease {
  const wish = { ...found.wish, lifetime };
  const { profile } = wish;
  return async (signal) => {
    const { source } = await audited("exec", context, async () => ({
      profile,
      source: await openFound({ ...found, wish }, options, signal, context),
    }));
    return source;
  };
}

async function openFound(
  found: Root & { readonly wish: LeaseRequest },
  options: LeaseOptions,
  signal: AbortSignal,
  context: CommandContext,
): Promise<TokenSource> {
  let isOpen = false;
  const sleep: CommandContext["system"]["clock"]["sleep"] = (duration, end) =>
    context.system.clock.sleep(duration, isOpen || signal.aborted ? end : anyOf(signal, end));
  const records = await context.system.runRecords();
  const needs: MintNeeds = {
    issuer: found.issuer,
    records: options.chain ? recordsOrNone(records, context.io.notice) : records,
    notes: context.system.notes(),
    notice: context.io.notice,
    clock: { now: context.system.clock.now, sleep },
    random: Math.random,
  };
  const lease = await openLease(found.wish, found.root, needs);
  isOpen = true;
  return lease;
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((it) => it !== undefined));
}

function readLifetime({ lease = usualLife }: LeaseOptions): number {
  const lifetime = parseDuration(lease, "--lease");
  if (lifetime >= shortest && lifetime <= longest) return lifetime;
  throw new FobError("usage", `--lease is less than a minute or more than a day: "${lease}"`, {
    facts: { example: "--lease 15m" },
  });
}

async function rootOf(choice: Choice, context: CommandContext): Promise<Root | undefined> {
  if (choice.kind === "machine") return undefined;
  if (choice.kind === "profile") return await rootOfProfile(choice.profile, context);
  const { token } = tokenInVariable(choice, context.system.clock.now());
  const found = await issuerFor(choice.provider, choice.host, context);
  if (found === undefined) throw noShorterTokens(choice.source);
  return await withOwner(found, choice.source, token, (same) => () => Promise.resolve(same));
}

async function rootOfProfile(profile: Profile, context: CommandContext): Promise<Root | undefined> {
  const { store } = await context.storage.open(profile);
  const { platforms } = context.providers;
  const read = async (): Promise<Secret | undefined> => {
    const credential = await requireCredential(profile, { store, platforms });
    if (credential.kind !== "pat") return undefined;
    return pastedToken(profile, credential, context.system.clock.now()).token;
  };
  const credential = await requireCredential(profile, { store, platforms });
  if (credential.kind !== "pat") return undefined;
  const { issuer } = await issuerFor(profile.provider, profile.host, context) ?? {};
  if (issuer === undefined) throw noShorterTokens(`"${profile.name}"`);
  showEnd(profile, credential, context);
  const { identity: owner = await issuer.identify(credential.token), tokenId } = credential;
  const { name, provider } = profile;
  const keep = present({ keep: tokenId });
  const again = new FobError("sign_in_again", `"${name}" has another login now`, {
    facts: { profile: name },
  });
  return {
    issuer,
    wish: { profile: name, provider, owner, ...keep },
    root: async () => await read() ?? Promise.reject(again),
  };
}

/** Says when a root ends of whose life a third is left: only a person can bring the next. */
function showEnd(
  { name }: Profile,
  { obtainedAt, expiresAt }: PatCredential,
  { io: { notice }, system: { clock } }: CommandContext,
): void {
  if (expiresAt === undefined) return;
  const left = expiresAt - clock.now();
  if (left > (expiresAt - obtainedAt) / 3 || left < 0) return;
  notice(
    `The token that "${name}" makes leases from ends in ${
      describeDuration(left)
    }, and nothing renews it`,
  );
}

/** A token from a file, the environment or a person, for a machine that keeps nothing. */
async function chainOf(
  named: string | undefined,
  options: LeaseOptions,
  context: CommandContext,
): Promise<Root> {
  const { pasted, host } = await readPasted(named, options, context);
  const found = await issuerFor(tokenPlatform(host, environmentNeeds(context))?.id, host, context);
  if (found === undefined) throw noShorterTokens(`"${host}"`);
  context.io.notice(
    "Nothing is kept: if no token is asked for during the life of one, or fob ends, paste another",
  );
  return await withOwner(found, found.issuer.host, await pasted(), selfRenewingRoot);
}

async function readPasted(
  named: string | undefined,
  options: LeaseOptions,
  context: CommandContext,
): Promise<{ readonly pasted: () => Promise<Secret>; readonly host: string }> {
  const { system: { environment } } = context;
  if (options.tokenFile !== undefined) {
    const given = await chooseOrRead(named, options, context);
    if (given.kind === "environment" && given.host !== undefined) {
      return { pasted: () => Promise.resolve(given.token), host: given.host };
    }
  }
  const platform = tokenPlatform(named, environmentNeeds(context));
  const valueOf = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : environment.get(name);
  const variable = named === undefined ? valueOf(platform?.variables?.token[0]) : undefined;
  const profile = named === undefined ? undefined : (await context.storage.profiles()).get(named);
  const host = profile?.host ?? named ?? valueOf(platform?.variables?.host);
  if (host === undefined) {
    throw new FobError("usage", "--chain does not know for which host the token is", {
      facts: { example: "fob exec HOST --chain -- COMMAND" },
    });
  }
  const pasted = async (): Promise<Secret> =>
    variable === undefined
      ? await readSecret("token", { name: host, provider: platform?.id ?? "token" }, context)
      : new Secret(variable.trim());
  return { pasted, host };
}

async function withOwner(
  { issuer, provider }: FoundIssuer,
  profile: string,
  token: Secret,
  rootOf: (token: Secret) => Root["root"],
): Promise<Root> {
  const owner = await issuer.identify(token);
  return { issuer, wish: { profile, provider, owner }, root: rootOf(token) };
}

async function issuerFor(
  provider: string | undefined,
  host: string | undefined,
  context: CommandContext,
): Promise<FoundIssuer | undefined> {
  if (host === undefined) return undefined;
  const { href, origin } = await context.providers.secureAddress(host, "host");
  // Nobody says whose a token is that is given for this run.
  const isKnown = provider !== undefined && provider !== "token";
  const id = isKnown ? provider : platformFor(undefined, href, context.providers.platforms)?.id;
  const issuer = id === undefined ? undefined : await context.providers.tokenIssuer(id, origin);
  return issuer === undefined || id === undefined ? undefined : { issuer, provider: id };
}

function noShorterTokens(what: string): FobError {
  return new FobError(
    "usage",
    `${what} is a token as it is, and its platform makes no shorter ones from it`,
    { facts: { example: "fob exec -- COMMAND" } },
  );
}
