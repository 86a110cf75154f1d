/** The tests of `fast_path_test.ts` for credential helpers with a stored token. */
import assert from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { type LoginHome, openLoginHome } from "../login/login_home.ts";
import { traceFob } from "../login/strace.ts";
import {
  changes,
  chunksOf,
  chunksRun,
  isBinary,
  locks,
  logging,
  nodeLinesIn,
  socketsBeyondBus,
} from "./fast_path.ts";
import { calledAs, gitAsks, helperCalls } from "./tool_calls.ts";

const minute = 60_000;

const missing = await missingRigs();
const noStrace = missing.includes("strace");
const noKeyring = missing.includes("keyring");

for (const storeName of ["plaintext file", "Secret Service"] as const) {
  const lacksKeyring = storeName === "Secret Service" && noKeyring;

  for (const { name, words, says, wrapper = [] } of helperCalls) {
    Deno.test({
      name: `${storeName}: ${name} with a fresh token loads nothing of Node`,
      ignore: lacksKeyring,
      fn: async () => {
        await using home = await openLoginHome(storeName);
        const token = (await home.signInTo(gitAsks.host, minute)).tokens.accessToken.reveal();
        const stdin = await fileWith(says, home);
        const { stdout, stderr } = await home.run(words, logging, wrapper, stdin);
        assert.equal(stdout.includes(token), true, stderr);
        assert.deepEqual(nodeLinesIn(stdout + stderr), []);
      },
    });

    Deno.test({
      name: `${storeName}: ${name} with a fresh token needs no network, no lock and no write`,
      ignore: lacksKeyring || noStrace,
      fn: async () => {
        await using home = await openLoginHome(storeName);
        const token = (await home.signInTo(gitAsks.host, minute)).tokens.accessToken.reveal();
        const stdin = await fileWith(says, home);
        const { run, calls } = await traceFob(home, words, {}, wrapper, stdin);
        assert.equal(run.stdout.includes(token), true, run.stderr);
        assert.deepEqual(socketsBeyondBus(calls, home), []);
        assert.deepEqual([...locks(calls, home), ...changes(calls, home)], []);
      },
    });
  }

  Deno.test({
    name: `${storeName}: a helper call runs only the code of its protocol and this store`,
    ignore: lacksKeyring || isBinary,
    fn: async () => {
      await using home = await openLoginHome(storeName);
      await home.signInTo(gitAsks.host, minute);
      const stdin = await fileWith(gitAsks.says, home);
      const store = storeName === "plaintext file" ? [] : ["libsecret", "secret_service"];
      const needed = ["main", "run", "helper", "git wwwauth", ...store];
      const byWords = await chunksRun(home, {}, gitAsks.words, [], stdin);
      assert.deepEqual(byWords, await chunksOf(needed));
      const byName = await chunksRun(home, {}, ["get"], calledAs("git-credential-fob"), stdin);
      assert.deepEqual(byName, await chunksOf([...needed, "libc"]));
    },
  });
}

async function fileWith(text: string, { directory }: LoginHome): Promise<string> {
  await Deno.writeTextFile(`${directory}/said`, text);
  return `${directory}/said`;
}
