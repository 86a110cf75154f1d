import assert from "node:assert/strict";
import type { Machine } from "../../acceptance/runner/machine.ts";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import { wineMachine } from "../../acceptance/runner/windows_machine.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { startAuthorizationServer } from "../../fakes/servers/authorization_server.ts";
import { missingRigs } from "../../rigs/rigs.ts";

const ignore = (await missingRigs()).includes("wine");

/** The number of concurrent processes. */
const many = 8;

const stores: Readonly<Record<string, Record<string, string>>> = {
  "plaintext file": { FOB_AUTH_STORAGE: "plaintext" },
  "Credential Manager": { FOB_AUTH_STORAGE: "secure" },
};

for (const [store, variables] of Object.entries(stores)) {
  Deno.test({
    name:
      `wine, ${store}: one of ${many} processes with an expired token refreshes, and all return the new token`,
    ignore,
    fn: async () => {
      await using directory = await makeTemporaryDirectory();
      await using stack = new AsyncDisposableStack();
      const server = stack.adopt(await startAuthorizationServer(), (server) => server.close());
      await using machine = await wineMachine(directory.path);
      const fob = (...args: string[]): Promise<Run> =>
        runFob(machine, directory.path, variables, args);
      server.lifetime(1);
      const login = await fob("auth", "login", "work", "--host", server.api, "--client-id", "fob");
      assert.equal(login.code, 0, login.stderr);
      await new Promise((wake) => setTimeout(wake, 1_100));
      server.lifetime(3600);
      const runs = await Promise.all(
        Array.from({ length: many }, () => fob("auth", "token", "-o", "text")),
      );
      for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
      assert.deepEqual(new Set(runs.map(({ stdout }) => stdout)).size, 1);
      assert.equal(server.count("refresh_token"), 1);
    },
  });
}

async function runFob(
  { command, env, spell, spawn }: Machine,
  cwd: string,
  variables: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Run> {
  const spelled = [...env].map(([name, value]) => [name, spell(value)]);
  return await runProgram([...command, ...args], {
    cwd,
    env: { ...Object.fromEntries(spelled), ...variables },
    spawn,
  });
}
