import assert from "node:assert/strict";
import { type LeaseHome, openLeaseHome, pasted, Running, untilInputEnds } from "./lease_home.ts";

const ignore = Deno.build.os === "windows";
const lease = ["exec", "work", "--lease", "15m"];

function test(name: string, fn: (home: LeaseHome) => Promise<void>): void {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      await using home = await openLeaseHome();
      await fn(home);
    },
  });
}

/** The arguments to run a command with a lease. */
async function startLeased(home: LeaseHome): Promise<Running> {
  return await new Running(home.start([...lease, ...untilInputEnds])).ready();
}

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  test(`${signal} goes to the command, and the lease ends with the command`, async (home) => {
    const running = await startLeased(home);
    assert.equal(home.live().length, 2);
    running.process.kill(signal);
    await running.process.status;
    assert.deepEqual(await running.ended(), { code, stderr: "" });
    assert.equal(home.live().length, 1);
    assert.equal((await home.run(["lease", "list"])).stdout, "No leases\n");
  });
}

test("a killed command ends its lease", async (home) => {
  const running = new Running(home.start([...lease, "--", "sh", "-c", "kill -KILL $$"]));
  assert.equal((await running.ended()).code, 137);
  assert.equal(home.live().length, 1);
});

test("a killed fob leaves a lease, which is reported and revoked by the next run", async (home) => {
  const running = await startLeased(home);
  running.process.kill("SIGKILL");
  await running.ended();
  assert.equal(home.live().length, 2);
  const { stdout } = await home.run(["lease", "list"]);
  assert.match(stdout, /^[\da-f]{8} +work +ada@example\.com +orphaned /m);
  const next = await startLeased(home);
  assert.equal(home.live().length, 2);
  assert.equal((await next.ended()).code, 0);
  assert.equal(home.live().length, 1);
});

test("a fob that is killed while its token is created leaves only tokens that a sweep finds", async (home) => {
  await home.server.fault("token_create", "mute", 1);
  const running = new Running(home.start([...lease, ...untilInputEnds]));
  await home.untilLive(2);
  running.process.kill("SIGKILL");
  await running.ended();
  const { stdout } = await home.run(["lease", "sweep", "-o", "json"]);
  assert.deepEqual({ ...JSON.parse(stdout), revoked: 1 }, { revoked: 1, left: 0 });
  assert.equal(home.live().length, 1);
});

test("a sign-out also revokes leases of a killed fob", async (home) => {
  const running = await startLeased(home);
  running.process.kill("SIGKILL");
  await running.ended();
  assert.equal((await home.run(["auth", "logout", "work"])).code, 0);
  assert.deepEqual(home.live(), []);
  assert.equal((await home.run(["lease", "list"])).stdout, "No leases\n");
});

test("SIGINT while the token is created ends fob, revokes the token and runs no command", async (home) => {
  await home.server.fault("token_create", "503", 1);
  const running = new Running(home.start([...lease, "--", "touch", `${home.path}/ran`]));
  while (!home.server.requests.some(({ status }) => status === 503)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  running.process.kill("SIGINT");
  const { code, stderr } = await running.ended();
  assert.deepEqual([code, stderr], [130, "fob: Stopped by SIGINT\n"]);
  assert.equal(home.live().length, 1);
  await assert.rejects(Deno.stat(`${home.path}/ran`), Deno.errors.NotFound);
});

test("two concurrent runs have separate leases, which a sweep and the other's end keep", async (home) => {
  const [one, other] = await Promise.all([startLeased(home), startLeased(home)]);
  const [kept, ...leased] = home.live();
  assert.equal(leased.length, 2);
  const { stdout } = await home.run(["lease", "sweep"]);
  assert.equal(stdout, "No leases to revoke\n");
  const status = JSON.parse((await home.run(["lease", "list", "-o", "json"])).stdout);
  for (const it of status) {
    assert.deepEqual([it.alive, it.owner, it.failures], [true, "ada@example.com", 0]);
    assert.match(it.id, /^[\da-f]{8}$/);
    assert.ok(Date.parse(it.last_renewal) < Date.parse(it.next_renewal));
  }
  await one.ended();
  assert.equal(home.live().length, 2);
  const left = JSON.parse((await home.run(["lease", "list", "-o", "json"])).stdout);
  await home.run(["lease", "revoke", left[0].id]);
  assert.deepEqual(home.live(), [kept]);
  assert.deepEqual(await other.ended(), { code: 0, stderr: "" });
});

test("no token is in arguments, in fob's own environment, in files or in fob's output", async (home) => {
  const running = await startLeased(home);
  const [kept = "", leased = ""] = home.live();
  const { pid } = running.process;
  const seen = new Map(await home.files());
  if (Deno.build.os === "linux") {
    for (const name of ["cmdline", "environ"]) {
      seen.set(name, await Deno.readTextFile(`/proc/${pid}/${name}`));
    }
  }
  seen.set("list", JSON.stringify(await home.run(["lease", "list", "-v"])));
  running.process.kill("SIGKILL");
  await running.ended();
  await home.server.fault("token_list", "500", 1);
  seen.set("sweep", JSON.stringify(await home.run(["lease", "sweep", "-v"])));
  for (const [path, text] of await home.files()) seen.set(`${path} afterwards`, text);
  assert.ok(seen.size > 8);
  for (const [where, text] of seen) {
    assert.ok(!text.includes(leased), `the leased token is in ${where}`);
    assert.ok(!text.includes(pasted), `the pasted token is in ${where}`);
    const isStore = /credentials\.json( afterwards)?$/.test(where);
    assert.equal(text.includes(kept), isStore, `the stored token is in ${where}`);
  }
});

for (const options of [["--file", "TOKEN_FILE=token"], ["--lease", "15m"]]) {
  test(`a signal just before the command starts is handled, and leaves nothing (${options[0]})`, async (home) => {
    const readyFile = `${home.path}/ready`;
    for (let round = 0; round < 5; round++) {
      const words = ["exec", "work", ...options, "--ready-file", readyFile];
      const running = new Running(home.start([...words, "--", "sleep", "30"]));
      while (await Deno.stat(readyFile).then(() => false, () => true));
      running.process.kill("SIGTERM");
      const { code } = await running.ended();
      assert.ok([130, 143].includes(code), `${code}`);
      const left = [...(await home.files()).keys()].filter((it) => /ready$|TOKEN_FILE$/.test(it));
      assert.deepEqual(left, []);
      assert.equal(home.live().length, 1);
    }
  });
}

test("a login in the last third of its lifetime shows a notice with its expiry", async (home) => {
  const run = (): ReturnType<LeaseHome["run"]> => home.run([...lease, "--", "true"]);
  assert.equal((await run()).stderr, "");
  const path = [...(await home.files()).keys()].find((it) => it.endsWith("credentials.json")) ?? "";
  const text = await Deno.readTextFile(path);
  const older = text.replace(/(obtained_at\\*":\s*\\*")20\d\d/, "$12000");
  assert.notEqual(older, text);
  await Deno.writeTextFile(path, older);
  const { code, stderr } = await run();
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^fob: The token of "work" that creates leases expires in 90 days, and fob cannot refresh it\n$/,
  );
  const endless = older.replace(/,\\*"expires_at\\*":\s*\\*"[^"\\]*\\*"/, "");
  assert.notEqual(endless, older);
  await Deno.writeTextFile(path, endless);
  assert.equal((await run()).stderr, "");
});
