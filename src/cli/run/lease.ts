import type { Command } from "@commander-js/extra-typings";
import { readCredential } from "../../credentials/envelope.ts";
import { FobError } from "../../errors.ts";
import {
  findNotedToken,
  type NotedLease,
  notedLeases,
  shownLength,
  tokenInUse,
} from "../../leases/list.ts";
import { type Sweeper, sweepLeases } from "../../leases/sweep.ts";
import { present } from "../../present.ts";
import { environmentToken } from "../../profiles/environment_token.ts";
import { accountOf, isSameHost } from "../../profiles/profile.ts";
import { tokenPlatform } from "../../profiles/token_platform.ts";
import { tokenForProfile } from "../../tokens/token_for_choice.ts";
import type { CommandContext } from "../context.ts";
import { environmentNeeds, tokenNeeds } from "../needs.ts";
import { addCommand, type CommonOptions, examples } from "../options.ts";
import { answer } from "../ui/answer.ts";
import { describeDuration } from "../ui/duration.ts";
import { formatRows } from "../ui/table.ts";

export function addLease(program: Command, context: CommandContext): void {
  const lease = program.command("lease").description("List and revoke leased tokens")
    .helpCommand(false);
  addCommand(lease, "list", "List the leases of this machine and their states")
    .addHelpText("after", examples("fob lease list", "fob lease list -o json"))
    .action((options) => runList(options, context));
  addCommand(lease, "revoke", "Revoke a leased token at its server")
    .argument("<id>", "ID of the token, from fob lease list")
    .addHelpText("after", examples("fob lease revoke 3f0c1a2b"))
    .action((id, options) => runRevoke(id, options, context));
  addCommand(lease, "sweep", "Revoke the leased tokens of killed commands")
    .addHelpText("after", examples("fob lease sweep"))
    .action((options) => runSweep(options, context));
}

async function runList({ output }: CommonOptions, context: CommandContext): Promise<void> {
  const leases = await notedLeases(await context.system.runRecords());
  const now = context.system.clock.now();
  answer(
    output,
    leases.map(fieldsOf),
    leases.length === 0 ? "No leases\n" : formatRows(
      ["ID", "PROFILE", "OWNER", "STATE", "RENEWED", "NEXT", "FAILURES"],
      leases.map((lease) => rowOf(lease, now)),
      context.io.terminal.outputColumns,
    ),
    context,
  );
}

function fieldsOf(lease: NotedLease): object {
  const { run, purpose, profile, host, owner, isAlive, startedAt, renewedAt, failures } = lease;
  const { nextRenewal, failure } = lease;
  const token = tokenInUse(lease);
  return {
    id: token?.id.slice(0, shownLength),
    run,
    purpose,
    profile,
    host,
    owner,
    alive: isAlive,
    started_at: time(startedAt),
    last_renewal: time(renewedAt),
    expires_at: time(token?.expiresAt),
    next_renewal: time(nextRenewal),
    failures,
    failure,
    tokens: lease.tokens.length,
  };
}

function time(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

function rowOf(lease: NotedLease, now: number): string[] {
  const { profile, owner = "", isAlive, renewedAt, nextRenewal, failures } = lease;
  const ago = renewedAt === undefined ? "never" : `${describeDuration(now - renewedAt)} ago`;
  return [
    tokenInUse(lease)?.id.slice(0, shownLength) ?? "none",
    profile,
    owner,
    isAlive ? "in use" : "orphaned",
    ago,
    isAlive ? nextIn(nextRenewal, now) : "never",
    String(failures),
  ];
}

/** A lease is renewed on request only, so the time is the earliest one. */
function nextIn(nextRenewal: number | undefined, now: number): string {
  if (nextRenewal === undefined) return "unknown";
  return nextRenewal <= now
    ? "at the next request"
    : `in ${describeDuration(nextRenewal - now)} at the earliest`;
}

async function runRevoke(
  id: string,
  { output }: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const { lease, token } = findNotedToken(id, await notedLeases(await context.system.runRecords()));
  const { issuer, by } = await sweeperFor(lease, context);
  await issuer.revoke(by, token.id);
  const shown = token.id.slice(0, shownLength);
  context.io.terminal.answer(
    output === "json"
      ? `${JSON.stringify({ revoked: shown })}\n`
      : `Revoked the token ${shown} of "${lease.profile}"\n`,
  );
}

async function runSweep({ output }: CommonOptions, context: CommandContext): Promise<void> {
  const records = await context.system.runRecords();
  const needs = { records, clock: context.system.clock, random: Math.random };
  await sweepLeases(undefined, needs);
  const ended: string[] = [];
  const failures: FobError[] = [];
  const leases = (await notedLeases(records)).filter(({ isAlive }) => !isAlive);
  for (const lease of leases) {
    try {
      const sweep = await sweepLeases(await sweeperFor(lease, context), needs);
      ended.push(...sweep.ended.map((id) => id.slice(0, shownLength)));
      failures.push(...sweep.left.map(({ why }) => why));
    } catch (error) {
      if (!(error instanceof FobError)) throw error;
      failures.push(error);
    }
  }
  const left = (await notedLeases(records)).filter(({ isAlive }) => !isAlive).length;
  answer(output, { revoked: ended, left }, `${describeEnded(ended)}\n`, context);
  if (left > 0 && failures[0] !== undefined) throw failures[0];
}

function describeEnded(ended: readonly string[]): string {
  return ended.length === 0 ? "No leases to revoke" : `Revoked: ${ended.join(", ")}`;
}

/** The credential that can revoke the tokens of a lease: a variable for its host, or its profile's login. */
async function sweeperFor(lease: NotedLease, context: CommandContext): Promise<Sweeper> {
  const { profile: name, host } = lease;
  const platform = tokenPlatform(host, environmentNeeds(context));
  const issuer = platform && await context.providers.tokenIssuer(platform.id, host);
  const profile = (await context.storage.profiles()).get(name);
  const variable = environmentToken(
    (other) => isSameHost(other, host),
    environmentNeeds(context),
  );
  if (issuer !== undefined && variable !== undefined) {
    const by = variable.token;
    return { issuer, by, owner: await issuer.identify(by), profile: variable.host };
  }
  if (issuer === undefined || profile === undefined || profile.host !== host) {
    throw new FobError("not_signed_in", `Not signed in to "${name}" at "${host}"`);
  }
  const { store } = await context.storage.open(profile);
  const credential = await readCredential(accountOf(profile), store);
  const { token: by } = await tokenForProfile(profile, {}, tokenNeeds(context));
  const owner = credential?.identity ?? await issuer.identify(by);
  const keep = credential?.kind === "pat" ? credential.tokenId : undefined;
  return {
    issuer,
    by,
    profile: name,
    owner,
    ...present({ keep }),
  };
}
