/** `fob exec` as the first process of a container, simulated with a process namespace. */
import { doesNotMatch, equal, match } from "node:assert/strict";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { linesOf } from "../../fakes/machine/child_program.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { denoDirectory } from "../../rigs/remote_store.ts";
import { missingRigs } from "../../rigs/rigs.ts";

const ignore = (await missingRigs()).includes("mounts") && Deno.env.get("FOB_RIGS") !== "required";

interface Container extends AsyncDisposable {
  /** The next line of stdout. */
  nextLine(): Promise<string | undefined>;
  /** Sends a signal to process 1. */
  kill(signal: Deno.Signal): Promise<void>;
  ended(): Promise<{ readonly code: number; readonly stderr: string }>;
}

/** Runs `fob exec ARGS` as process 1 of a namespace. */
async function startContainer(
  args: readonly string[],
  env: Readonly<Record<string, string>> = { API_TOKEN: "canary-token" },
): Promise<Container> {
  const unshare = ["--pid", "--fork", "--mount-proc", "--kill-child"];
  const process = new Deno.Command("unshare", {
    args: [...unshare, ...await fobCommand(), "exec", ...args],
    clearEnv: true,
    env: { DENO_DIR: denoDirectory(), DENO_NO_UPDATE_CHECK: "1", PATH: "/usr/bin:/bin", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(process.stderr).text();
  const lines = linesOf(process.stdout);
  const { pid } = process;
  return {
    nextLine: async () => (await lines.next()).value || undefined,
    async kill(signal): Promise<void> {
      const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
      Deno.kill(Number(children.trim()), signal);
    },
    ended: async () => ({ code: (await process.status).code, stderr: await stderr }),
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        process.kill("SIGKILL");
      } catch {
        // It has already ended.
      }
      await lines.return(undefined);
      // Without a reader, the stream is not closed by the iterator.
      if (!process.stdout.locked) await process.stdout.cancel();
      await Promise.all([process.status, stderr]);
    },
  };
}

function shell(script: string): string[] {
  return ["--", "sh", "-c", script];
}

Deno.test({
  name: "fob as process 1 reaps orphaned processes",
  ignore,
  fn: async () => {
    await using container = await startContainer(shell(`
      test "$PPID" = 1 || exit 8
      for i in 1 2 3 4 5 6 7 8 9 10; do (sh -c 'exit 3' &); done
      while :; do
        zombies=$(cat /proc/[0-9]*/stat 2>/dev/null | grep -c '^[0-9]* ([^)]*) Z')
        test "$zombies" = 0 && exit 42
        tries=$((tries+1)); test "$tries" -gt 200 && exit 9
        sleep 0.05
      done`));
    const { code, stderr } = await container.ended();
    equal(stderr, "");
    equal(code, 42);
  },
});

Deno.test({
  name: "a mounted token needs no home, and goes neither to the command nor to a file",
  ignore,
  fn: async () => {
    await using directory = await makeTemporaryDirectory();
    const file = `${directory.path}/token`;
    await Deno.writeTextFile(file, "canary-token\n");
    const home = `${directory.path}/home`;
    await Deno.mkdir(home);
    const script =
      `rm ${file}; env | grep -c can[a]ry; find ${home} -mindepth 1; cat /proc/1/cmdline; echo`;
    const args = ["api.example", "--serve", "--token-file", file, ...shell(script)];
    for (const env of [{}, { HOME: home }]) {
      await Deno.writeTextFile(file, "canary-token\n");
      await using container = await startContainer(args, env);
      equal(await container.nextLine(), "0");
      const { stderr } = await container.ended();
      equal(stderr, "");
      const commandLine = await container.nextLine() ?? "";
      match(commandLine, /\0exec\0api\.example\0--serve\0/);
      doesNotMatch(commandLine, /canary/);
    }
  },
});

for (const [signal, code] of [["SIGTERM", 143], ["SIGHUP", 129], ["SIGINT", 130]] as const) {
  Deno.test({
    name: `${signal} to process 1 ends the command with exit code ${code}`,
    ignore,
    fn: async () => {
      await using container = await startContainer(shell("echo ready; exec sleep 60"));
      equal(await container.nextLine(), "ready");
      await container.kill(signal);
      equal((await container.ended()).code, code);
    },
  });
}

Deno.test({
  name: "a command can handle a signal, and the ready file is removed at its end",
  ignore,
  fn: async () => {
    await using directory = await makeTemporaryDirectory();
    const ready = `${directory.path}/ready`;
    const script = `trap 'echo "caught, $(cat ${ready})"; exit 7' USR1; echo ready;
      while :; do sleep 0.02; done`;
    await using container = await startContainer([
      "--serve",
      "--ready-file",
      ready,
      ...shell(script),
    ], { API_TOKEN: "canary-token", API_HOST: "https://api.example" });
    equal(await container.nextLine(), "ready");
    await container.kill("SIGUSR1");
    equal(await container.nextLine(), "caught, 1");
    equal((await container.ended()).code, 7);
    equal(await Deno.stat(ready).catch(() => "gone"), "gone");
  },
});

Deno.test({
  name: "a killed command has exit code 137",
  ignore,
  fn: async () => {
    await using container = await startContainer(shell("kill -KILL $$"));
    equal((await container.ended()).code, 137);
  },
});

Deno.test({
  name: "process 1 can be stopped while it waits for a token",
  ignore,
  fn: async () => {
    const asked = Promise.withResolvers<void>();
    const stop = new AbortController();
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen: () => {} },
      () => {
        asked.resolve();
        return new Promise(() => {});
      },
    );
    await using container = await startContainer(shell("echo started"), {
      HOME: "/nonexistent",
      DATABRICKS_HOST: `http://127.0.0.1:${server.addr.port}`,
      DATABRICKS_CLIENT_ID: "robot",
      DATABRICKS_CLIENT_SECRET: "canary-secret",
    });
    await Promise.race([asked.promise, container.ended()]);
    await container.kill("SIGTERM");
    const { code, stderr } = await container.ended();
    equal(code, 130);
    match(stderr, /^fob: Stopped by SIGTERM$/m);
    equal(await container.nextLine(), undefined);
    stop.abort();
    await server.finished;
  },
});
