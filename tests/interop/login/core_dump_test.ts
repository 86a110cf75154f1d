import { deepEqual, equal, match } from "node:assert/strict";
import { hiddenMark, mark } from "../../canaries/mark.ts";
import { Search } from "../../canaries/search.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { holdNext } from "./kill.ts";
import { type LoginHome, openLoginHome } from "./login_home.ts";

const missing = await missingRigs();

/** Whether the kernel writes core dumps into the working directory of a crashed program. */
async function dumpsOfThisSystem(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const pattern = await Deno.readTextFile("/proc/sys/kernel/core_pattern").catch(() => "|");
  return !/[|/]/.test(pattern);
}

/** Runs the following program without a size limit for core dumps. */
const unlimited = ["sh", "-c", 'ulimit -c unlimited && exec "$@"', "sh"];

async function dumpsIn({ directory }: LoginHome): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(directory));
  return entries.map(({ name }) => name).filter((name) => name.startsWith("core"));
}

Deno.test({
  name:
    "a crash of fob with a login of the keyring in memory leaves no core dump and no secret in the output",
  ignore: missing.includes("keyring") || !await dumpsOfThisSystem(),
  fn: async () => {
    for (const signal of ["SIGABRT", "SIGQUIT"] as const) {
      await using home = await openLoginHome("Secret Service");
      const request = holdNext(home.server, "received");
      const child = home.start(["auth", "token", "--verbose"], unlimited);
      await request.reached;
      child.kill(signal);
      const { stdout, stderr, signal: endedBy } = await output(child);
      request.drop();
      equal(endedBy, signal);
      equal(new Search([mark, hiddenMark]).findIn(stdout + stderr), undefined);
      deepEqual(await dumpsIn(home), []);
    }
  },
});

Deno.test({
  name: "a crash of another program leaves a core dump",
  ignore: missing.includes("keyring") || !await dumpsOfThisSystem(),
  fn: async () => {
    await using home = await openLoginHome("plaintext file");
    const crash = [...unlimited, "sh", "-c", "kill -SEGV $$"];
    const [program = "", ...args] = crash;
    await new Deno.Command(program, { args, cwd: home.directory }).output();
    match((await dumpsIn(home)).join(), /^core/);
  },
});

async function output(
  child: Deno.ChildProcess,
): Promise<{ stdout: string; stderr: string; signal: Deno.Signal | null }> {
  await child.stdin.close();
  const [stdout, stderr, { signal }] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
  ]);
  return { stdout, stderr, signal };
}
