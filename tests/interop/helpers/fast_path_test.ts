/**
 * Tests the cost of `fob auth token` for a stored token by what it loads and calls, without measuring
 * time. The Deno runtime's own calls are excluded: its cache is in `DENO_DIR`, outside of the traced
 * home.
 */
import assert from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { type LoginHome, openLoginHome, type StoreName, tokenIn } from "../login/login_home.ts";
import { traceFob } from "../login/strace.ts";
import {
  authToken,
  changes,
  chunksOf,
  chunksRun,
  isBinary,
  locks,
  logging,
  mentions,
  nodeLinesIn,
  sockets,
  socketsBeyondBus,
  speakOAuth,
} from "./fast_path.ts";

const minute = 60_000;
const environmentToken = { API_TOKEN: "pat-of-the-environment" };

const missing = await missingRigs();
const noStrace = missing.includes("strace");
const noKeyring = missing.includes("keyring");
for (const storeName of ["plaintext file", "Secret Service"] as const) {
  const lacksKeyring = storeName === "Secret Service" && noKeyring;

  Deno.test({
    name: `${storeName}: a stored token and API_TOKEN load nothing of Node`,
    ignore: lacksKeyring,
    fn: () => assertNoNode(storeName),
  });

  Deno.test({
    name: `${storeName}: a stored token needs no network, no lock and no write`,
    ignore: lacksKeyring || noStrace,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      const fresh = await home.signIn(minute);
      const { run, calls } = await traceFob(home, authToken);
      assert.equal(tokenIn(run), fresh.tokens.accessToken.reveal());
      assert.deepEqual(socketsBeyondBus(calls, home), []);
      assert.deepEqual([...locks(calls, home), ...changes(calls, home)], []);
      assert.deepEqual(mentions(calls, "audit.log"), []);
      assert.equal(mentions(calls, "libsecret-1.so").length > 0, storeName === "Secret Service");
      assert.equal(mentions(calls, home.configFile).length > 0, true);
    },
  });

  Deno.test({
    name: `${storeName}: API_TOKEN reads no profile, no store and no bus`,
    ignore: lacksKeyring || noStrace,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      const { run, calls } = await traceFob(home, authToken, environmentToken);
      assert.equal(tokenIn(run), environmentToken.API_TOKEN);
      assert.deepEqual(sockets(calls), []);
      assert.deepEqual([...locks(calls, home), ...changes(calls, home)], []);
      for (const path of [home.configFile, home.state, "libsecret-1.so"]) {
        assert.deepEqual(mentions(calls, path), []);
      }
    },
  });

  Deno.test({
    name: `${storeName}: a stored token runs only main.js and the code of this store`,
    ignore: lacksKeyring || isBinary,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      await home.signIn(minute);
      const needed = storeName === "plaintext file"
        ? ["main", "run"]
        : ["main", "run", "libsecret", "secret_service"];
      const run = await chunksRun(home);
      assert.deepEqual(run, await chunksOf(needed));
      assert.equal(await speakOAuth(run), false);
      assert.equal(await speakOAuth(await chunksOf(["oauth_provider"])), true);
    },
  });
}

/** Adds a rule to the home. */
async function addRule({ configFile }: LoginHome, conditions: string): Promise<void> {
  const text = await Deno.readTextFile(configFile);
  const [, name = ""] = /^\[([^\]]+)\]/m.exec(text.replace("[__settings__]", "")) ?? [];
  await Deno.writeTextFile(
    configFile,
    `${text}\n[rule "${conditions}"]\n${conditions}\nprofile = ${name}\n`,
  );
}

Deno.test({
  name: "a directory rule runs only its own code, without repository, lock, network or write",
  ignore: noStrace || isBinary,
  fn: async () => {
    await using home = await openLoginHome("plaintext file");
    const fresh = await home.signIn(minute);
    await addRule(home, "directory = /");
    const { run, calls } = await traceFob(home, authToken);
    assert.equal(tokenIn(run), fresh.tokens.accessToken.reveal());
    assert.deepEqual([...socketsBeyondBus(calls, home), ...locks(calls, home)], []);
    assert.deepEqual([...changes(calls, home), ...mentions(calls, "/.git")], []);
    assert.deepEqual(
      await chunksRun(home),
      await chunksOf(["main", "run", "rule_match", "working_directory"]),
    );
    const { stdout, stderr } = await home.run(authToken, logging);
    assert.deepEqual(nodeLinesIn(stdout + stderr), []);
    await addRule(home, "remote = git.example.com");
    const status = await traceFob(home, ["auth", "status", "--explain"]);
    assert.notDeepEqual(mentions(status.calls, "/.git"), []);
  },
});

Deno.test({
  name: "a refresh has the sockets, locks and writes that a stored token does not need",
  ignore: noStrace,
  fn: async () => {
    await using home = await openLoginHome("plaintext file");
    const { run, calls } = await traceFob(home, authToken);
    assert.equal(home.server.isActive(tokenIn(run)), true);
    assert.notDeepEqual(socketsBeyondBus(calls, home), []);
    assert.notDeepEqual(locks(calls, home), []);
    for (const name of ["openat", "rename", "unlink", "ftruncate"]) {
      assert.ok(changes(calls, home).some((call) => call.name.startsWith(name)), name);
    }
  },
});

Deno.test({
  name: "API_TOKEN runs only main.js and its chunks, and an error also the error report",
  ignore: isBinary,
  fn: async () => {
    await using home = await openLoginHome("plaintext file");
    assert.deepEqual(await chunksRun(home, environmentToken), await chunksOf(["main", "run"]));
    const failing = { FOB_PROFILE: "missing" };
    assert.deepEqual(
      await chunksRun(home, failing),
      await chunksOf(["main", "run", "report", "libc"]),
    );
  },
});

/** Ways to break a home, and the exit code of a call that needs the broken part. */
const breakages: readonly [string, StoreName, number, (home: LoginHome) => Promise<void>][] = [
  ["a corrupt credentials.json", "plaintext file", 5, async ({ state }) => {
    await Deno.writeTextFile(`${state}/credentials.json`, "{");
  }],
  ["a NUL byte in config.ini", "plaintext file", 1, async ({ configFile }) => {
    await Deno.writeTextFile(configFile, "[work]\0\n");
  }],
  ["a pipe for a config.ini", "Secret Service", 1, async ({ configFile }) => {
    await Deno.remove(configFile).catch(() => {});
    await new Deno.Command("mkfifo", { args: [configFile] }).output();
  }],
  ["a locked keyring", "Secret Service", 5, async ({ session }) => await session?.lock()],
];

for (const [what, storeName, code, breakHome] of breakages) {
  Deno.test({
    name: `${storeName}: ${what} does not matter to API_TOKEN`,
    ignore: storeName === "Secret Service" && noKeyring,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      await breakHome(home);
      assert.equal((await home.run(authToken)).code, code);
      const run = await home.run(authToken, environmentToken);
      assert.equal(tokenIn(run), environmentToken.API_TOKEN);
      assert.equal(run.stderr, "");
    },
  });
}

async function assertNoNode(storeName: StoreName): Promise<void> {
  await using home = await openLoginHome(storeName);
  await home.signIn(minute);
  const nodeLines = async (args: string[], variables = {}): Promise<string[]> => {
    const { stdout, stderr } = await home.run(args, { ...logging, ...variables });
    return nodeLinesIn(stdout + stderr);
  };
  assert.notDeepEqual(await nodeLines(["--help"]), [], "the command parser needs Node");
  assert.deepEqual(await nodeLines(authToken), []);
  assert.deepEqual(await nodeLines(authToken, environmentToken), []);
}

Deno.test({
  name: "a token of fob's own profile does not read Databricks' profile file",
  ignore: isBinary,
  fn: async () => {
    await using home = await openLoginHome("plaintext file");
    await home.signIn(minute);
    const theirs = "[dev]\nhost = https://dev.cloud.databricks.com\n";
    await Deno.writeTextFile(`${home.directory}/.databrickscfg`, theirs);
    const own = await chunksOf(["main", "run", "libc"]);
    assert.deepEqual(await chunksRun(home, {}, ["auth", "token", "work"]), own);
    const served = await chunksOf(["as_profiles"]);
    const run = await chunksRun(home, {}, ["auth", "token", "dev"]);
    assert.deepEqual(served.filter((chunk) => !run.includes(chunk)), []);
  },
});
