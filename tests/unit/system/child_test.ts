import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import { childEnvironment, type Program, runProgram } from "../../../src/system/child.ts";
import { startProgram } from "../../fakes/machine/child_program.ts";

const runner = new URL("running_child.ts", import.meta.url);
const ignore = Deno.build.os === "windows";

function shell(script: string, more: Partial<Program> = {}): Program {
  return { command: "sh", args: ["-c", script], set: {}, unset: [], hasTerminal: false, ...more };
}

Deno.test(
  { name: "the exit code of the child is returned, for a signal 128 plus its number", ignore },
  async () => {
    assert.equal(await runProgram(shell("exit 42")), 42);
    assert.equal(await runProgram(shell("kill -KILL $$")), 137);
  },
);

Deno.test({
  name: "the child has the variables that are set, and not those that are unset",
  ignore,
}, async () => {
  const check = shell('test "$FOB_TEST_SET" = "a b" && test -z "${HOME+there}"', {
    command: "/bin/sh",
    set: { FOB_TEST_SET: "a b" },
    unset: ["HOME"],
  });
  assert.equal(await runProgram(check), 0);
});

Deno.test(
  { name: "the child reads the given input, or exits without reading it", ignore },
  async () => {
    const input = new TextEncoder().encode("a b\n".repeat(100_000));
    assert.equal(await runProgram(shell("test $(wc -l) = 100000", { input })), 0);
    assert.equal(await runProgram(shell("exec <&-; exit 3", { input })), 3);
  },
);

Deno.test("on Windows a variable is removed or replaced regardless of case", () => {
  const own = { Path: "C:\\", Api_Token: "old", github_token: "stale" };
  const change = { set: { API_TOKEN: "new" }, unset: ["GITHUB_TOKEN"] };
  assert.deepEqual(childEnvironment(own, change, "windows"), { Path: "C:\\", API_TOKEN: "new" });
  assert.deepEqual(childEnvironment(own, change, "linux"), { ...own, API_TOKEN: "new" });
});

Deno.test("a variable that is both set and unset is set", () => {
  const change = { set: { GITHUB_TOKEN: "asked for" }, unset: ["GITHUB_TOKEN"] };
  assert.deepEqual(childEnvironment({ GITHUB_TOKEN: "stale" }, change), change.set);
});

Deno.test("a missing command and a non-executable one have different errors", async () => {
  await assert.rejects(runProgram(shell("", { command: "no-such-command" })), {
    code: "command_not_found",
  });
  await assert.rejects(runProgram(shell("", { command: "/" })), {
    code: "command_not_executable",
  });
});

Deno.test({ name: "a program is not started after an earlier signal", ignore }, async () => {
  const stop = new AbortController();
  const file = await Deno.makeTempFile();
  const program = shell('rm "$FILE"', { set: { FILE: file }, stop: stop.signal });
  const run = runProgram(program);
  stop.abort(new FobError("interrupted", "Stopped by SIGTERM"));
  await assert.rejects(run, { code: "interrupted" });
  await Deno.remove(file);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGWINCH"] as const) {
  Deno.test({ name: `${signal} is handled by the child`, ignore }, async () => {
    const name = signal.slice(3);
    const wait = "i=0; while [ $i -lt 500 ]; do i=$((i+1)); sleep 0.02; done";
    const script = `trap "echo caught; exit 9" ${name}; echo ready; ${wait}`;
    await using child = startProgram(runner, [script]);
    assert.equal(await child.nextLine(), "ready");
    child.process.kill(signal);
    assert.equal(await child.nextLine(), "caught");
    assert.equal(await child.nextLine(), "exit code 9");
  });
}
