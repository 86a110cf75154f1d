import assert from "node:assert/strict";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { runProgram } from "../../acceptance/runner/program.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { denoDirectory } from "../../rigs/remote_store.ts";

Deno.test("a change of the default profile during a request does not send another token to its API", async () => {
  await using home = await makeTemporaryDirectory();
  const seen: (string | null)[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      seen.push(request.headers.get("authorization"));
      await makeDefault("other");
      return new Response(null, { status: 401 });
    },
  );
  const makeDefault = (name: string): Promise<void> =>
    Deno.writeTextFile(
      `${home.path}/.databrickscfg`,
      `[work]\nhost = http://127.0.0.1:${server.addr.port}\ntoken = of-work\n` +
        `[other]\nhost = https://other.example.com\ntoken = of-other\n` +
        `[__settings__]\ndefault_profile = ${name}\n`,
    );
  await makeDefault("work");
  const env = { HOME: home.path, USERPROFILE: home.path, DENO_DIR: denoDirectory() };
  const run = await runProgram([...await fobCommand(), "api", "GET", "/"], { cwd: home.path, env });
  assert.equal(run.code, 1, run.stderr);
  assert.deepEqual(seen, ["Bearer of-work"]);
});
