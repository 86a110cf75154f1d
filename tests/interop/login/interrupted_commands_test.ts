/** Real signals during a change: strace sends them at a system call of the command. */
import assert from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { type LoginHome, openLoginHome } from "./login_home.ts";

const ignore = (await missingRigs()).includes("strace");

/** Runs fob, which gets `signal` right after a file in the directory `path` has been replaced. */
async function runInterrupted(
  home: LoginHome,
  args: readonly string[],
  { signal, path, stdin }: { signal: string; path: string; stdin?: string },
): Promise<void> {
  const inject = `inject=fsync:signal=${signal.slice(3)}`;
  const tracer = ["strace", "-f", "-P", path, "-e", "trace=fsync", "-e", inject];
  const { code, stderr } = await home.run(args, {}, tracer, stdin);
  assert.match(stderr, new RegExp(`--- ${signal} `));
  // fob has exited by itself, not by the signal.
  assert.equal(code, 130, stderr);
  assert.match(stderr, new RegExp(`fob: Stopped by ${signal}`));
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  Deno.test({
    name: `${signal} while the profile of a login is written: the login is stored too`,
    ignore,
    fn: async () => {
      await using home = await openLoginHome("plaintext file");
      const stdin = `${home.directory}/token`;
      await Deno.writeTextFile(stdin, "pasted-token\n");
      const words = ["auth", "login", "second", "--with-token", "--host", "https://api.example"];
      await runInterrupted(home, words, { signal, path: `${home.directory}/.config/fob`, stdin });
      const { stdout, stderr } = await home.run(["auth", "token", "second", "-o", "text"]);
      assert.equal(stdout, "pasted-token\n", stderr);
    },
  });

  Deno.test({
    name: `${signal} while a removal writes its backup: the secret is removed and can be restored`,
    ignore,
    fn: async () => {
      await using home = await openLoginHome("plaintext file");
      const file = `${home.directory}/.config/gh/hosts.yml`;
      const hosts = "github.com:\n    oauth_token: gho_ada\n    user: ada\n";
      await Deno.mkdir(`${home.directory}/.config/gh`, { recursive: true });
      await Deno.writeTextFile(file, hosts);
      const words = ["migrate", "--from", "gh", "--remove"];
      await runInterrupted(home, words, { signal, path: `${home.directory}/.config/gh` });
      assert.equal(await Deno.readTextFile(file), hosts.replace(/ +oauth_token.*\n/, ""));
      await home.run(["migrate", "--from", "gh", "--undo"]);
      assert.equal(await Deno.readTextFile(file), hosts);
    },
  });
}
