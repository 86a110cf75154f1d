/** The system clock jumps before or during a command, and back after it. */
import assert from "node:assert/strict";
import { makeTemporaryDirectory } from "../fakes/machine/temporary_directory.ts";
import { openLeaseHome, Running, untilInputEnds } from "../interop/exec/lease_home.ts";
import { type LoginHome, openLoginHome, tokenIn } from "../interop/login/login_home.ts";
import { missingRigs } from "../rigs/rigs.ts";
import type { Campaign } from "./campaign.ts";
import { connectDocker } from "./connect.ts";
import { breaking, buildFailingCalls, runBroken } from "./faults.ts";
import { lease } from "./lease.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { migrate } from "./migrate.ts";
import { move } from "./move.ts";

/** Seconds. */
const day = 86_400;
const jumps = [day, -day, 365 * day];
/** The file-changing calls at which the clock jumps in a normal test run; 0 is before the first. */
const instants = [0, 4, 20];
/** Upper limit of the calls of a command. */
const most = 100;
const isAll = Deno.env.get("FOB_FAULTS") === "all";
const missing = await missingRigs();

/** A test that gets the path of the preloaded library. */
interface ClockTest {
  readonly name: string;
  readonly fn: (library: string) => Promise<void>;
}

function testClock({ name, fn }: ClockTest): void {
  Deno.test({
    name,
    ignore: missing.includes("keychain"),
    fn: async () => {
      await using directory = await makeTemporaryDirectory();
      await fn(await buildFailingCalls(directory.path));
    },
  });
}

const campaigns = [login, logout, move, migrate, connectDocker, lease]
  .filter(({ needs }) => !needs.some((rig) => missing.includes(rig)));

testClock({
  name: "a clock jump during a command loses no login",
  fn: async (library) => {
    const libraries = campaigns.map((_, i) => `${library}.${i}`);
    for (const copy of libraries) await Deno.copyFile(library, copy);
    await Promise.all(campaigns.map((campaign, i) => jumpInEach(campaign, libraries[i] ?? "")));
  },
});

/** A normal test run makes each jump at one call; FOB_FAULTS=all makes each jump at every call. */
async function jumpInEach({ open, name }: Campaign, library: string): Promise<void> {
  await using arena = await open("plaintext file");
  const BELOW = `${arena.home.directory}/.`;
  let count = 0;
  const jump = async (CLOCK: number, AT: number): Promise<boolean> => {
    const ending = await runBroken(arena, library, { AT, BELOW, CLOCK });
    const what = `${CLOCK} s at call ${AT}: ${ending.stderr}`;
    // With a clock that is a year ahead, the login of the lease has expired.
    assert.ok(ending.code === 0 || name === "lease" && ending.code === 4, what);
    await arena.check(ending);
    await arena.finish().catch((cause) => Promise.reject(new Error(what, { cause })));
    count++;
    return ending.isBroken;
  };
  if (isAll) {
    for (const seconds of jumps) {
      await jump(seconds, 0);
      for (let at = 1; at < most && await jump(seconds, at);) at++;
    }
    console.log(`${name}: ${count} jumps`);
  } else for (const [i, at] of instants.entries()) await jump(jumps[i] ?? 0, at);
}

testClock({
  name: "a clock jump costs at most two refreshes, and no expired token is returned",
  fn: async (library) => {
    await Promise.all(jumps.map((seconds) => jumpInRefreshes(seconds, library)));
  },
});

async function jumpInRefreshes(CLOCK: number, library: string): Promise<void> {
  await using home = await openLoginHome("plaintext file");
  const before = { AT: 0, BELOW: `${home.directory}/.`, CLOCK };
  await home.signIn(0);
  await askTwice(home, breaking(library, before));
  for (const AT of isAll ? Array.from({ length: 18 }, (_, i) => i + 1) : [9, 16]) {
    await home.signIn(7_200_000);
    await askTwice(home, breaking(library, { ...before, AT }));
  }
}

/** Gets tokens with a wrong clock, and again with a correct one. After that, no refresh must be needed. */
async function askTwice(home: LoginHome, wrong: readonly string[]): Promise<void> {
  const before = home.server.count("refresh_token");
  for (const words of [wrong, [], []]) {
    const token = tokenIn(await home.run(["auth", "token"], {}, words));
    assert.ok(home.server.isActive(token), "the token is not active at the server");
  }
  assert.ok(home.server.count("refresh_token") - before <= 2, "more than two refreshes");
  const spent = home.server.count("refresh_token");
  tokenIn(await home.run(["auth", "token"]));
  assert.equal(
    home.server.count("refresh_token"),
    spent,
    "another refresh after the clock is correct",
  );
}

testClock({
  name: "a noted server failure with a future time is ignored",
  fn: async (library) => {
    await using home = await openLoginHome("plaintext file");
    const away = { ...home.environment, HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: "" };
    const failed = await home.run(
      ["auth", "token"],
      away,
      breaking(library, { AT: 0, CLOCK: jumps[2] ?? 0 }),
    );
    assert.equal(failed.code, 6, failed.stderr);
    assert.ok(home.server.isActive(tokenIn(await home.run(["auth", "token"]))));
  },
});

testClock({
  name: "a running lease keeps its token when the clock of another run is wrong",
  fn: async (library) => {
    await using home = await openLeaseHome();
    const words = ["exec", "work", "--lease", "15m"];
    const running = await new Running(home.start([...words, ...untilInputEnds])).ready();
    const leased = home.live().at(-1) ?? "";
    const other = home.start([...words, "--", "true"], breaking(library, { AT: 0, CLOCK: day }));
    await other.stdin.close();
    const [{ code }] = await Promise.all([
      other.status,
      other.stdout.cancel(),
      other.stderr.cancel(),
    ]);
    assert.equal(code, 0);
    assert.ok(home.live().includes(leased), "the leased token was revoked");
    await running.ended();
    assert.equal(home.live().length, 1);
  },
});
