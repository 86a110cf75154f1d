import { FobError } from "../errors.ts";
import { clockTolerance, reportLimit } from "../limits.ts";
import { present } from "../present.ts";
import type { Profile } from "../profiles/profile.ts";
import { readProfiles } from "../profiles/profile_file.ts";
import type { OAuthProvider } from "../providers/provider.ts";
import type { UserFile } from "../system/files/user_file.ts";
import { type Check, check, fail, ok, warn } from "./check.ts";

/** Dependencies of {@link checkServers}. */
export interface ServerNeeds {
  readonly profileFile: () => UserFile;
  readonly provider: (id: string) => Promise<Pick<OAuthProvider, "find">>;
}

/** Accepted difference of the clock in seconds, before a warning and before a failure. */
const clockLimits = { warn: 60, fail: clockTolerance / 1000 } as const;

/** The check of a server, and the difference to its clock. */
interface Answer {
  readonly check: Check;
  /** Seconds by which the server's clock is ahead. */
  readonly skew?: number;
}

/**
 * Checks whether the authorization servers of the profiles respond, in parallel, and compares their clocks.
 * Profiles with a pasted token have no server.
 */
export async function checkServers(needs: ServerNeeds): Promise<Check[]> {
  let profiles: Profile[] = [];
  const read = await check("issuers", async () => {
    profiles = (await readProfiles(needs.profileFile())).all();
    return ok("issuers", "No profile uses a sign-in server");
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
    return ok(`issuer:${name}`, `"${server.issuer}" responds (used by ${names})`);
  });
  const result = found.state === "fail"
    ? { ...found, detail: `For ${names}: ${found.detail}` }
    : found;
  return { check: result, ...present({ skew }) };
}

/** @throws {FobError} `provider_unreachable` after `limit` milliseconds. */
async function within<T>(limit: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const end = (): void =>
    late.abort(new FobError("provider_unreachable", `Timed out after ${limit / 1000} s`));
  AbortSignal.timeout(limit).addEventListener("abort", end, { once: true });
  return await work(late.signal);
}

function checkClock(answers: readonly Answer[]): Check {
  const skews = answers.flatMap(({ skew }) => skew === undefined ? [] : [skew]);
  const [worst] = skews.toSorted((a, b) => Math.abs(b) - Math.abs(a));
  if (worst === undefined) {
    return warn("clock", "Not compared: no server reported its time", "clock_unknown");
  }
  const off = Math.abs(worst);
  const detail = off <= 1
    ? "In sync with the servers"
    : `${off} s ${worst > 0 ? "behind" : "ahead of"} the servers`;
  if (off > clockLimits.fail) return fail("clock", detail, "clock_off");
  return off > clockLimits.warn ? warn("clock", detail, "clock_off") : ok("clock", detail);
}
