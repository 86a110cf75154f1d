import { FobError } from "../errors.ts";
import { clockTolerance, reportLimit } from "../limits.ts";
import { present } from "../present.ts";
import type { Profile } from "../profiles/profile.ts";
import { readProfiles } from "../profiles/profile_file.ts";
import type { OAuthProvider } from "../providers/provider.ts";
import type { UserFile } from "../system/files/user_file.ts";
import { type Check, check, fail, ok, warn } from "./check.ts";

/** What the checks of the authorization servers need. */
export interface ServerNeeds {
  readonly profileFile: () => UserFile;
  readonly provider: (id: string) => Promise<Pick<OAuthProvider, "find">>;
}

/** Seconds that a clock may be off: a minute is worth a word, with five tokens are taken for expired or good. */
const clockLimits = { warn: 60, fail: clockTolerance / 1000 } as const;

/** What a server was found to be, and how far this clock is from its own. */
interface Answer {
  readonly check: Check;
  /** Seconds that the server's clock is ahead. */
  readonly skew?: number;
}

/**
 * Whether the authorization servers of the profiles can be found, all asked at once, and what their clocks
 * say. Nobody is asked about a profile that has a token of its own.
 */
export async function checkServers(needs: ServerNeeds): Promise<Check[]> {
  let profiles: Profile[] = [];
  const read = await check("issuers", async () => {
    profiles = (await readProfiles(needs.profileFile())).all();
    return ok("issuers", "No profile signs in at a server");
  });
  const signingIn = profiles.filter(({ provider }) => provider !== "token");
  if (read.state === "fail" || signingIn.length === 0) return [read];
  const servers = Map.groupBy(
    signingIn,
    ({ provider, issuer, host }) =>
      JSON.stringify([provider, issuer ?? null, issuer === undefined ? host : null]),
  );
  const answers = await Promise.all([...servers.values()].map((group) => ask(group, needs)));
  return [...answers.map(({ check }) => check), checkClock(answers)];
}

async function ask(profiles: readonly Profile[], needs: ServerNeeds): Promise<Answer> {
  const names = profiles.map(({ name }) => name).join(", ");
  const [{ name, provider: id, issuer, host }] = profiles as [Profile];
  const target = present({ issuer, host });
  let skew: number | undefined;
  const found = await check(`issuer:${name}`, async () => {
    const provider = await needs.provider(id);
    const server = await within(reportLimit, (signal) => provider.find(target, signal));
    skew = server.skew;
    return ok(`issuer:${name}`, `"${server.issuer}" answers, for ${names}`);
  });
  const told = found.state === "fail"
    ? { ...found, detail: `For ${names}: ${found.detail}` }
    : found;
  return { check: told, ...present({ skew }) };
}

/** @throws {FobError} `provider_unreachable` after `limit` milliseconds. */
async function within<T>(limit: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const end = (): void =>
    late.abort(new FobError("provider_unreachable", `No answer in ${limit / 1000} seconds`));
  AbortSignal.timeout(limit).addEventListener("abort", end, { once: true });
  return await work(late.signal);
}

function checkClock(answers: readonly Answer[]): Check {
  const skews = answers.flatMap(({ skew }) => skew === undefined ? [] : [skew]);
  const [worst] = skews.toSorted((a, b) => Math.abs(b) - Math.abs(a));
  if (worst === undefined) {
    return warn("clock", "Not compared, as no server says its time", "clock_unknown");
  }
  const off = Math.abs(worst);
  const detail = off <= 1
    ? "Agrees with the servers"
    : `${off} s ${worst > 0 ? "behind" : "ahead of"} the servers`;
  if (off > clockLimits.fail) return fail("clock", detail, "clock_off");
  return off > clockLimits.warn ? warn("clock", detail, "clock_off") : ok("clock", detail);
}
