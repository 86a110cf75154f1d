import assert from "node:assert/strict";
import type { OAuthCredential } from "../../../src/credentials/credential.ts";
import type { Run } from "../../acceptance/runner/program.ts";
import { reveal } from "../../kills/logins.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { holdNext, killAtCall, killAtCallAfter, type KillPoint, killWhile } from "./kill.ts";
import { ended, type LoginHome, openLoginHome, type StoreName, tokenIn } from "./login_home.ts";
import { traceFob } from "./strace.ts";

const authToken = ["auth", "token"];
const twoHours = 7_200_000;

const missing = await missingRigs();
const noKeyring = missing.includes("keyring");
const noStrace = missing.includes("strace");
/** Only Linux reports which processes have opened the lock file. */
const cannotSeeLocks = Deno.build.os !== "linux";

for (const storeName of ["plaintext file", "Secret Service"] as const) {
  const ignore = storeName === "Secret Service" && noKeyring;

  Deno.test({
    name:
      `${storeName}: after a kill before the server uses the refresh token, the next call uses it`,
    ignore,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      await killWhile("received", home);
      await assertOneRefresh(home, await home.run(authToken));
    },
  });

  Deno.test({
    name:
      `${storeName}: after a kill when the server has used it, every next call reports that with the time`,
    ignore,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      const before = await home.kept();
      await killWhile("spent", home);
      const began = await beginningNoted(home);
      assertCutOff(await home.run(authToken), began);
      assertCutOff(await home.run(authToken), began);
      assert.deepEqual(reveal(await home.kept()), reveal(before));
    },
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.test({
      name: `${storeName}: ${signal} during a refresh waits until the new login is stored`,
      ignore,
      fn: () => assertInterruptLosesNothing(storeName, signal),
    });
  }
}

Deno.test({
  name: "Ctrl-C ends fob at once before the refresh token is sent",
  ignore: cannotSeeLocks,
  fn: async () => {
    await using home = await openLoginHome("plaintext file");
    await home.server.fault("metadata", "hang");
    const fob = home.start(authToken);
    await home.untilAtLock([fob]);
    // Waits until fob has sent the request, which cannot be observed.
    await new Promise((resolve) => setTimeout(resolve, 500));
    fob.kill("SIGINT");
    const limit = setTimeout(() => fob.kill("SIGKILL"), 10_000);
    assert.equal((await ended(fob)).code, 130);
    clearTimeout(limit);
    await home.server.fault("metadata", undefined);
    await assertOneRefresh(home, await home.run(authToken));
  },
});

Deno.test("a refused refresh token without a kill is not reported as an interrupted refresh", async () => {
  await using home = await openLoginHome("plaintext file");
  home.server.revokeAll();
  for (const time of ["first", "second"]) {
    const { code, stderr } = await home.run(authToken);
    assert.equal(code, 4, stderr);
    assert.doesNotMatch(stderr, /cut off/, `the ${time} time`);
  }
});

Deno.test("a refresh that never reached the server is not reported as interrupted", async () => {
  await using home = await openLoginHome("plaintext file");
  await home.server.fault("metadata", "refuse");
  assert.equal((await home.run(authToken)).code, 6);
  await home.server.fault("metadata", undefined);
  home.server.revokeAll();
  const { code, stderr } = await home.run(authToken);
  assert.equal(code, 4, stderr);
  assert.doesNotMatch(stderr, /cut off/);
});

Deno.test({
  name: "10 waiting processes continue when the refresh that holds the lock is killed",
  ignore: cannotSeeLocks,
  fn: async () => {
    await using home = await openLoginHome("plaintext file");
    const request = holdNext(home.server, "received");
    const holder = home.start(authToken);
    await request.reached;
    const waiting = Array.from({ length: 10 }, () => home.start(authToken));
    await home.untilAtLock(waiting);
    holder.kill("SIGKILL");
    await ended(holder);
    request.drop();
    const answers = await Promise.all(waiting.map(ended));
    assert.equal(new Set(answers.map(tokenIn)).size, 1);
    assert.equal(home.server.count("refresh_token"), 1);
  },
});

Deno.test({
  name: "plaintext file: a kill before the refresh token is sent loses nothing",
  ignore: noStrace,
  fn: async () => {
    await using home = await openLoginHome("plaintext file");
    const points: KillPoint[] = [
      { syscall: "fsync" },
      { syscall: "/^unlink" },
      { syscall: "ftruncate", path: home.lockFile },
      { syscall: "write", path: home.lockFile },
    ];
    for (const point of points) assert.ok(await killAtCall(point, home), point.syscall);
    await assertOneRefresh(home, await home.run(authToken));
    await assertLeftoversSwept(home);
  },
});

Deno.test({
  name: "plaintext file: a kill at any step of the write leaves the old or the new login",
  ignore: noStrace,
  fn: async (test) => {
    await using home = await openLoginHome("plaintext file");
    const file = `${home.state}/credentials.json`;
    const steps: [string, KillPoint, "old" | "new"][] = [
      ["taking the file's lock", { syscall: "flock" }, "old"],
      ["reading the file", { syscall: "openat", path: file }, "old"],
      ["syncing the temporary file", { syscall: "fsync" }, "old"],
      ["renaming it", { syscall: "/^rename" }, "old"],
      ["syncing the directory", { syscall: "fsync", path: home.state }, "new"],
      ["emptying the journal", { syscall: "ftruncate", path: home.lockFile }, "new"],
    ];
    for (const [step, point, expected] of steps) {
      await test.step(step, async () => {
        const before = await home.signIn(twoHours);
        const request = holdNext(home.server, "spent");
        assert.ok(await killAtCallAfter(request, point, home));
        assert.equal(await assertWhole(home, before), expected);
      });
    }
    await assertLeftoversSwept(home);
  },
});

Deno.test({
  name: "Secret Service: a kill before any message of the write leaves the old or the new login",
  ignore: noKeyring || noStrace,
  fn: async () => {
    await using home = await openLoginHome("Secret Service");
    const outcomes: string[] = [];
    for (let killed = true; killed;) {
      const before = await home.signIn(twoHours);
      const point = { syscall: "sendmsg", nth: outcomes.length + 1 };
      killed = await killAtCallAfter(holdNext(home.server, "spent"), point, home);
      outcomes.push(await assertWhole(home, before));
    }
    assert.deepEqual([outcomes[0], outcomes.at(-1)], ["old", "new"]);
    assert.equal(await itemsKept(home), 1);
  },
});

/** The number of items of the login in the keyring. */
async function itemsKept(home: LoginHome): Promise<number> {
  const { stdout, stderr } = await new Deno.Command("secret-tool", {
    args: ["search", "--all", "service", "fob", "account", "oidc:work"],
    clearEnv: true,
    env: { ...home.environment },
  }).output();
  const text = new TextDecoder();
  return (text.decode(stdout) + text.decode(stderr)).match(/^\[/gm)?.length ?? 0;
}

async function assertInterruptLosesNothing(
  storeName: StoreName,
  signal: Deno.Signal,
): Promise<void> {
  await using home = await openLoginHome(storeName);
  const request = holdNext(home.server, "spent");
  const child = home.start(authToken);
  await request.reached;
  child.kill(signal);
  // Waits until the signal has arrived.
  setTimeout(request.release, 100);
  const { code, stdout, stderr } = await ended(child);
  assert.deepEqual({ code, stdout }, { code: 130, stdout: "" });
  assert.match(stderr, new RegExp(signal));
  await assertOneRefresh(home, await home.run(authToken));
}

/**
 * Asserts that the home has the login `before` or the refreshed one, and that the next call works with
 * the refreshed login, or reports the interrupted refresh of the old one.
 */
async function assertWhole(home: LoginHome, before: OAuthCredential): Promise<"old" | "new"> {
  const began = await beginningNoted(home);
  const next = await home.run(authToken);
  const now = await home.kept();
  if (now.tokens.accessToken.equals(before.tokens.accessToken)) {
    assert.deepEqual(reveal(now), reveal(before));
    assertCutOff(next, began);
    return "old";
  }
  assert.equal(tokenIn(next), now.tokens.accessToken.reveal());
  assert.equal(home.server.isActive(tokenIn(next)), true);
  const forced = await home.run([...authToken, "--force-refresh"]);
  assert.equal(home.server.isActive(tokenIn(forced)), true);
  return "new";
}

function assertCutOff({ code, stdout, stderr }: Run, began: string): void {
  assert.deepEqual({ code, stdout }, { code: 4, stdout: "" }, stderr);
  const said =
    `A refresh that started at ${began} was interrupted before the new tokens were stored, and the server no longer accepts`;
  assert.ok(stderr.includes(said), `"${said}" is not in:\n${stderr}`);
}

async function assertOneRefresh(home: LoginHome, run: Run): Promise<void> {
  const token = tokenIn(run);
  assert.equal(home.server.isActive(token), true);
  assert.equal(home.server.count("refresh_token"), 1);
  assert.equal(home.server.familyRevoked, false);
  assert.equal((await home.kept()).tokens.accessToken.reveal(), token);
}

/** The start time of the unfinished refresh in the journal. */
async function beginningNoted(home: LoginHome): Promise<string> {
  return (await Deno.readTextFile(home.lockFile)).trim().split(" ")[1] ?? "no time";
}

/** Asserts that temporary files of a killed writer are private, and that the next writer removes them. */
async function assertLeftoversSwept(home: LoginHome): Promise<void> {
  await Deno.writeTextFile(`${home.state}/.credentials.json.fob-planted`, "left", { mode: 0o600 });
  const leftovers = await leftoversIn(home);
  for (const name of leftovers) {
    const { mode } = await Deno.stat(`${home.state}/${name}`);
    assert.equal((mode ?? 0) & 0o777, 0o600, name);
  }
  const { run, calls } = await traceFob(home, [...authToken, "--force-refresh"]);
  assert.equal(home.server.isActive(tokenIn(run)), true);
  const opened = calls.filter(({ line }) =>
    /\bopen/.test(line) && leftovers.some((name) => line.includes(name))
  );
  assert.deepEqual(opened, []);
  assert.deepEqual(await leftoversIn(home), []);
}

async function leftoversIn(home: LoginHome): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(home.state), (entry) => entry.name);
  return names.filter((name) => name.includes(".fob-"));
}
