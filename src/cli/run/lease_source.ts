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

/** The options of a lease. */
export interface LeaseOptions extends TokenFileOption {
  readonly lease?: string;
  readonly chain?: true;
}

/** The value of `--lease` if only `--chain` is given. */
const usualLife = "15m";
/** Milliseconds: a shorter lease could expire before the command starts; a longer one is not short-lived. */
const [shortest, longest] = [60_000, 86_400_000];

type TokenIssuer = MintNeeds["issuer"];

/** The token API of a platform. */
interface FoundIssuer {
  readonly issuer: TokenIssuer;
  readonly provider: string;
}

/** How leased tokens are created. `root` returns the token that they are created from. */
interface Root {
  readonly issuer: TokenIssuer;
  readonly request: Omit<LeaseRequest, "lifetime">;
  readonly root: (held: Secret | undefined) => Promise<Secret>;
}

/** Opens the lease. Until the first token is available, `signal` ends any waiting. */
export type OpenLease = (signal: AbortSignal) => Promise<TokenSource>;

/**
 * Finds the source of leased tokens for one command, from the login `named` or the login that is chosen by
 * default. May prompt. For an OAuth login, its access token is the lease.
 *
 * @throws {FobError} `usage` if the platform of the login does not issue leased tokens.
 */
export async function findLease(
  named: string | undefined,
  options: LeaseOptions,
  context: CommandContext,
): Promise<OpenLease> {
  const lifetime = readLifetime(options);
  if (options.chain) {
    return openerOf(await selfRenewingLease(named, options, context), lifetime, options, context);
  }
  const choice = await chooseOrRead(named, options, context);
  const found = await rootOf(choice, context);
  if (found !== undefined) return openerOf(found, lifetime, options, context);
  context.io.trace("the lease is the access token of the login");
  return () => openSource(choice, {}, context);
}

function openerOf(
  found: Root,
  lifetime: number,
  options: LeaseOptions,
  context: CommandContext,
): OpenLease {
  const request = { ...found.request, lifetime };
  const { profile } = request;
  return async (signal) => {
    const { source } = await audited("exec", context, async () => ({
      profile,
      source: await openFound({ ...found, request }, options, signal, context),
    }));
    return source;
  };
}

async function openFound(
  found: Root & { readonly request: LeaseRequest },
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
  const lease = await openLease(found.request, found.root, needs);
  isOpen = true;
  return lease;
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((it) => it !== undefined));
}

function readLifetime({ lease = usualLife }: LeaseOptions): number {
  const lifetime = parseDuration(lease, "--lease");
  if (lifetime >= shortest && lifetime <= longest) return lifetime;
  throw new FobError("usage", `--lease must be between 1m and 24h: "${lease}"`, {
    facts: { example: "--lease 15m" },
  });
}

async function rootOf(choice: Choice, context: CommandContext): Promise<Root | undefined> {
  if (choice.kind === "workload") return undefined;
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
  const again = new FobError("sign_in_again", `The login of "${name}" has changed`, {
    facts: { profile: name },
  });
  return {
    issuer,
    request: { profile: name, provider, owner, ...keep },
    root: async () => await read() ?? Promise.reject(again),
  };
}

/** Reports the expiry of a root token in the last third of its life: fob cannot refresh it. */
function showEnd(
  { name }: Profile,
  { obtainedAt, expiresAt }: PatCredential,
  { io: { notice }, system: { clock } }: CommandContext,
): void {
  if (expiresAt === undefined) return;
  const left = expiresAt - clock.now();
  if (left > (expiresAt - obtainedAt) / 3 || left < 0) return;
  notice(
    `The token of "${name}" that creates leases expires in ${
      describeDuration(left)
    }, and fob cannot refresh it`,
  );
}

/** A self-renewing lease from a token in a file, a variable or a prompt. Nothing is stored. */
async function selfRenewingLease(
  named: string | undefined,
  options: LeaseOptions,
  context: CommandContext,
): Promise<Root> {
  const { pasted, host } = await readPasted(named, options, context);
  const found = await issuerFor(tokenPlatform(host, environmentNeeds(context))?.id, host, context);
  if (found === undefined) throw noShorterTokens(`"${host}"`);
  context.io.notice(
    "No token is stored: paste another one if fob ends, or if a token expires before the next request",
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
    throw new FobError("usage", "--chain requires the host of the token", {
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
  return { issuer, request: { profile, provider, owner }, root: rootOf(token) };
}

async function issuerFor(
  provider: string | undefined,
  host: string | undefined,
  context: CommandContext,
): Promise<FoundIssuer | undefined> {
  if (host === undefined) return undefined;
  const { href, origin } = await context.providers.secureAddress(host, "host");
  // A token that is given for this run has no provider.
  const isKnown = provider !== undefined && provider !== "token";
  const id = isKnown ? provider : platformFor(undefined, href, context.providers.platforms)?.id;
  const issuer = id === undefined ? undefined : await context.providers.tokenIssuer(id, origin);
  return issuer === undefined || id === undefined ? undefined : { issuer, provider: id };
}

function noShorterTokens(what: string): FobError {
  return new FobError(
    "usage",
    `Cannot create leases from ${what}: its platform does not issue short-lived tokens`,
    { facts: { example: "fob exec -- COMMAND" } },
  );
}
