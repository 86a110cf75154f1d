import assert from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { ended, type LoginHome, openLoginHome, type StoreName, tokenIn } from "./login_home.ts";

/** The number of concurrent processes. */
const many = 50;
const minute = 60_000;

const noKeyring = (await missingRigs()).includes("keyring");
/** Only Linux reports which processes have opened the lock file. */
const cannotSeeLocks = Deno.build.os !== "linux";

for (const storeName of ["plaintext file", "Secret Service"] as const) {
  const ignore = cannotSeeLocks || (storeName === "Secret Service" && noKeyring);

  Deno.test({
    name:
      `${storeName}: one of 50 processes with an expired token refreshes, and all return the new token`,
    ignore,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      const answers = await stormAtLock(home, repeat(many, ["auth", "token"]));
      await assertOneRefresh(home, answers);
    },
  });

  Deno.test({
    name: `${storeName}: 50 forced refreshes share one refresh`,
    ignore,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      await home.signIn(minute);
      const answers = await stormAtLock(home, repeat(many, ["auth", "token", "--force-refresh"]));
      await assertOneRefresh(home, answers);
    },
  });

  Deno.test({
    name: `${storeName}: a fresh token is returned at once while 25 processes wait for a refresh`,
    ignore,
    fn: () => assertFreshDoesNotWait(storeName),
  });

  Deno.test({
    name: `${storeName}: 50 processes wait for one refresh with a slow server`,
    ignore,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      home.server.delayToken(500);
      const started = repeat(many, ["auth", "token"]).map((args) => home.start(args));
      await assertOneRefresh(home, (await Promise.all(started.map(ended))).map(tokenIn));
    },
  });
}

Deno.test({
  name: "20 processes share the report of one that the server is down",
  ignore: cannotSeeLocks,
  fn: async () => {
    await using home = await openLoginHome("plaintext file");
    await home.server.fault("token", "500");
    const lock = await home.lock();
    const started = repeat(20, ["auth", "token"]).map((args) => home.start(args));
    await home.untilAtLock(started);
    lock[Symbol.dispose]();
    const codes = (await Promise.all(started.map(ended))).map(({ code }) => code);
    assert.deepEqual(new Set(codes), new Set([6]));
    const refused = home.server.requests.filter(({ endpoint, ok }) => endpoint === "token" && !ok);
    assert.equal(refused.length, 1);
    await home.server.fault("token", undefined);
    assert.equal(home.server.isActive(tokenIn(await home.run(["auth", "token"]))), true);
  },
});

async function assertFreshDoesNotWait(storeName: StoreName): Promise<void> {
  await using home = await openLoginHome(storeName);
  const fresh = (await home.signIn(minute)).tokens.accessToken.reveal();
  const lock = await home.lock();
  const forced = repeat(many / 2, ["auth", "token", "--force-refresh"])
    .map((args) => home.start(args));
  const plain = repeat(many / 2, ["auth", "token"]).map((args) => home.start(args));
  const atOnce = await Promise.all(plain.map(ended));
  assert.deepEqual(new Set(atOnce.map(tokenIn)), new Set([fresh]));
  await home.untilAtLock(forced);
  lock[Symbol.dispose]();
  await assertOneRefresh(home, (await Promise.all(forced.map(ended))).map(tokenIn));
}

/** Runs fob for each of `commands`. The lock is released when all processes are waiting for it. */
async function stormAtLock(
  home: LoginHome,
  commands: readonly (readonly string[])[],
): Promise<string[]> {
  const lock = await home.lock();
  const started = commands.map((args) => home.start(args));
  await home.untilAtLock(started);
  lock[Symbol.dispose]();
  return (await Promise.all(started.map(ended))).map(tokenIn);
}

async function assertOneRefresh(home: LoginHome, answers: readonly string[]): Promise<void> {
  const [answer = "", ...others] = new Set(answers);
  assert.deepEqual(others, [], "all processes return the same token");
  const { server } = home;
  const refreshes = server.requests.filter(({ grant }) => grant === "refresh_token");
  assert.deepEqual(refreshes, [{ endpoint: "token", grant: "refresh_token", ok: true }]);
  assert.equal(server.isActive(answer), true);
  assert.equal(server.familyRevoked, false);
  assert.equal((await home.kept()).tokens.accessToken.reveal(), answer);
}

function repeat<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}
