/** Known attacks on credential helpers, tried on the whole program. */
import assert from "node:assert/strict";
import type { Run } from "../../acceptance/runner/program.ts";
import { type LoginHome, openLoginHome } from "../login/login_home.ts";

const ignore = Deno.build.os === "windows";
const minute = 60_000;
const host = "https://git.example.com";

async function openHome(): Promise<LoginHome> {
  const home = await openLoginHome("plaintext file");
  await home.signInTo(host, minute);
  return home;
}

async function say(home: LoginHome, words: readonly string[], input: string): Promise<Run> {
  const stdin = `${home.directory}/said`;
  await Deno.writeTextFile(stdin, input);
  return await home.run(["helper", ...words], {}, [], stdin);
}

async function assertSilent(home: LoginHome, run: Run, what: string): Promise<void> {
  const token = (await home.kept()).tokens.accessToken.reveal();
  assert.equal((run.stdout + run.stderr).includes(token), false, what);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(run.stdout + run.stderr, /[\0-\x09\x0b-\x1f\x7f]/, what);
}

/** Inputs that a URL can make git send. Newer versions of git refuse some of them. */
const gitAttacks: Readonly<Record<string, string>> = {
  "a newline adds a second host (CVE-2020-5260)":
    "protocol=https\nhost=evil.example\nhost=git.example.com\n\n",
  "a newline adds a second protocol": "protocol=https\nprotocol=http\nhost=git.example.com\n\n",
  "an empty host (CVE-2020-11008)": "protocol=https\nhost=\n\n",
  "no host (CVE-2020-11008)": "protocol=https\n\n",
  "no protocol": "host=git.example.com\n\n",
  "a carriage return after the host (CVE-2024-50338)": "protocol=https\nhost=git.example.com\r\n\n",
  "a carriage return instead of a line feed (CVE-2024-52006)":
    "protocol=https\nhost=evil.example\rhost=git.example.com\n\n",
  "a NUL in the host": "protocol=https\nhost=git.example.com\0.evil.example\n\n",
  "a user before the host": "protocol=https\nhost=git.example.com@evil.example\n\n",
  "a path after the host": "protocol=https\nhost=evil.example/git.example.com\n\n",
  "escape sequences in the host (CVE-2024-50349)":
    "protocol=https\nhost=\x1b[2Kgit.example.com\n\n",
  "an unencrypted connection": "protocol=http\nhost=git.example.com\n\n",
  "another port": "protocol=https\nhost=git.example.com:8443\n\n",
};

Deno.test({
  name: "no input makes fob return a token for another host to git",
  ignore,
  fn: async () => {
    await using home = await openHome();
    const good = await say(home, ["git", "get"], "protocol=https\nhost=git.example.com\n\n");
    assert.match(good.stdout, /^username=oauth2\npassword=/);
    for (const [what, input] of Object.entries(gitAttacks)) {
      const run = await say(home, ["git", "get"], input);
      assert.equal(run.stdout, "", what);
      await assertSilent(home, run, what);
    }
  },
});

Deno.test({
  name:
    "no input makes fob return a token for another host to docker, terraform, bazel, cargo or go",
  ignore,
  fn: async () => {
    await using home = await openHome();
    const hosts = ["", "git.example.com\r", "git.example.com\nx", "evil.example\rgit.example.com"]
      .concat("git.example.com@evil.example", "git.example.com.evil.example", "git.example.com:1")
      .concat("git%2eexample.com", "evil.example#git.example.com", "evil.example\\git.example.com");
    for (const it of hosts) {
      const uri = JSON.stringify({ uri: `https://${it}/` });
      const registry = { "index-url": `sparse+https://${it}/` };
      const line = JSON.stringify({ v: 1, kind: "get", operation: "read", registry });
      const runs = [
        await say(home, ["docker", "get"], it),
        // Deno removes a trailing carriage return of an argument.
        await say(home, ["terraform", "get", it.endsWith("\r") ? `${it}.` : it], ""),
        await say(home, ["go", `https://${it}/`], ""),
        await say(home, ["bazel", "get"], uri),
        await say(home, ["cargo", "--cargo-plugin"], `${line}\n`),
      ];
      for (const run of runs) await assertSilent(home, run, JSON.stringify(it));
    }
  },
});

Deno.test({
  name: "a credential with a line break is not stored",
  ignore,
  fn: async () => {
    await using home = await openHome();
    const before = await home.store.list();
    const gift = { ServerURL: "h.example", Username: "ada", Secret: "a\nb" };
    await say(home, ["docker", "store"], JSON.stringify(gift));
    await say(home, ["docker", "store"], JSON.stringify({ ...gift, Username: "a\r", Secret: "b" }));
    await say(home, ["git", "store"], "protocol=https\nhost=h.example\npassword=a\rb\n\n");
    await say(home, ["terraform", "store", "h.example"], '{"token":"a\\u0000b"}');
    assert.deepEqual(await home.store.list(), before);
  },
});

Deno.test({
  name: "files of the current repository do not change the replies",
  ignore,
  fn: async () => {
    await using home = await openHome();
    const token = (await home.kept()).tokens.accessToken.reveal();
    const repository = `${home.directory}/repository`;
    const planted: Readonly<Record<string, string>> = {
      "config.ini": "[work]\nhost = https://evil.example\n",
      ".config/fob/config.ini": "[work]\nhost = https://evil.example\n",
      ".fob/config.ini": "[work]\nhost = https://evil.example\n",
      ".env": "API_TOKEN=planted\nAPI_HOST=https://git.example.com\n",
      "deno.json": '{"imports":{"./":"./evil/"}}',
      ".git/config": '[credential]\n\thelper = "!echo password=planted"\n',
      ".gitconfig": '[credential]\n\thelper = "!echo password=planted"\n',
    };
    for (const [name, text] of Object.entries(planted)) {
      const path = `${repository}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, text);
    }
    const ask = async (name: string): Promise<string> => {
      const stdin = `${home.directory}/said`;
      await Deno.writeTextFile(stdin, `protocol=https\nhost=${name}\n\n`);
      const wrapper = ["env", "-C", repository];
      return (await home.run(["helper", "git", "get"], {}, wrapper, stdin)).stdout;
    };
    assert.match(await ask("git.example.com"), new RegExp(`^username=oauth2\npassword=${token}\n`));
    assert.equal(await ask("evil.example"), "");
  },
});

Deno.test({
  name: "cargo gets no token of the host of an index repository",
  ignore,
  fn: async () => {
    await using home = await openHome();
    const ask = async (index: string): Promise<Run> => {
      const registry = { "index-url": index, name: "r" };
      const request = { v: 1, registry, kind: "get", operation: "publish" };
      return await say(home, ["cargo", "--cargo-plugin"], `${JSON.stringify(request)}\n`);
    };
    const token = (await home.kept()).tokens.accessToken.reveal();
    assert.ok((await ask(`sparse+${host}/index/`)).stdout.includes(token));
    const run = await ask(`${host}/ada/index`);
    assert.match(run.stdout, /"not-found"/);
    await assertSilent(home, run, "an index in a git repository");
  },
});
