/** Kills real moves between the real keyring and the real file, at random instants, back and forth. */
import assert from "node:assert/strict";
import { encode } from "../../../src/credentials/envelope.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { pasted } from "../../fakes/stores/credentials.ts";
import { startSession } from "../../rigs/keyring.ts";
import { missingRigs } from "../../rigs/rigs.ts";

const accounts = Array.from({ length: 12 }, (_, i) => `token:p${String(i).padStart(2, "0")}`);
/** Kills in each direction. */
const rounds = 6;

Deno.test({
  name: "a move that is killed at any instant loses nothing, and is finished by the next one",
  ignore: (await missingRigs()).includes("keyring"),
  fn: async () => {
    await using session = await startSession("unlocked");
    const file = `${session.environment["HOME"]}/.local/state/fob/credentials.json`;
    const before = await fill(file);
    for (let round = 0; round < rounds; round++) {
      for (const mode of ["secure", "plaintext"]) {
        const move = await start(["storage", "move", mode], session.environment);
        const timer = setTimeout(() => move.kill("SIGKILL"), 60 + Math.random() * 120);
        await move.status;
        clearTimeout(timer);
        const last = await (await start(["storage", "move", mode], session.environment)).status;
        assert.equal(last.code, 0);
        if (mode === "secure") await assert.rejects(Deno.lstat(file), Deno.errors.NotFound);
      }
      assert.deepEqual(JSON.parse(await Deno.readTextFile(file)), before);
    }
  },
});

/** Puts a token for each account into the file. */
async function fill(file: string): Promise<unknown> {
  const entry = encode(pasted).reveal();
  const credentials = Object.fromEntries(accounts.map((account) => [account, entry]));
  const content = { version: 1, credentials };
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(file, JSON.stringify(content), { mode: 0o600 });
  return content;
}

async function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Deno.ChildProcess> {
  const [program = "", ...words] = await fobCommand();
  const cache = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  return new Deno.Command(program, {
    args: [...words, ...args],
    env: { ...environment, DENO_DIR: cache },
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}
