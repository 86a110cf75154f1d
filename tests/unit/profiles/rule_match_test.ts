import assert from "node:assert/strict";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { chooseRule, tryRule } from "../../../src/profiles/rule_match.ts";
import type { ConditionKind } from "../../../src/profiles/rules.ts";
import {
  type FakeWorkingDirectory,
  fakeWorkingDirectory,
  noWorkingDirectory,
} from "../../fakes/machine/working_directory.ts";

async function holds(
  kind: ConditionKind,
  pattern: string,
  place: FakeWorkingDirectory,
): Promise<boolean> {
  const rule = { name: "x", profile: "work", conditions: [{ kind, pattern }] };
  return (await tryRule(rule, {
    workingDirectory: fakeWorkingDirectory({ home: "/home/ada", ...place }),
  }))
    .holds;
}

function repositoryOf(...remotes: string[]): FakeWorkingDirectory {
  const sections = remotes.map((remote, index) => `[remote "r${index}"]\n\turl = ${remote}\n`);
  return { repository: { path: "/r/.git/config", config: sections.join("") } };
}

Deno.test("a directory rule matches the directory and everything below it", async () => {
  const all: readonly [string, string, boolean][] = [
    ["~/work", "/home/ada/work", true],
    ["~/work", "/home/ada/work/a/b", true],
    ["~/work/", "/home/ada/work", true],
    ["~/work", "/home/ada/workshop", false],
    ["~/work", "/home/ada", false],
    ["~/work", "/home/ada/Work", false],
    ["~/work", "/tmp/home/ada/work", false],
    ["~", "/home/ada/x", true],
    ["~/", "/home/bob", false],
    ["/", "/anywhere", true],
    ["/srv/*/src", "/srv/a/src/x", true],
    ["/srv/*/src", "/srv/a/b/src", false],
    ["/srv/**/src", "/srv/a/b/src/x", true],
    ["/srv/team-?", "/srv/team-1/x", true],
    ["/srv/team-?", "/srv/team-12", false],
    ["C:\\work", "/work", false],
  ];
  for (const [pattern, directory, expected] of all) {
    assert.equal(
      await holds("directory", pattern, { directory }),
      expected,
      `${pattern} ${directory}`,
    );
  }
  assert.equal(await holds("directory", "/", {}), false, "the directory no longer exists");
});

Deno.test("a directory rule follows symbolic links and the case rules of the system", async () => {
  const links = { "/home/ada": "/var/home/ada", "/home/ada/work": "/data/work" };
  assert.equal(await holds("directory", "~/work", { directory: "/data/work/a", links }), true);
  assert.equal(await holds("directory", "~/*", { directory: "/var/home/ada/a", links }), true);
  assert.equal(await holds("directory", "~/work", { directory: "/data/other", links }), false);
  const directory = "/home/ada/WORK/\u0041\u030a";
  const pattern = "~/work/\u00c5";
  assert.equal(await holds("directory", pattern, { directory, ignoresCase: true }), true);
  assert.equal(await holds("directory", pattern, { directory }), false);
});

Deno.test("a directory rule matches Windows paths with either slash", async () => {
  const place = { directory: "C:\\Users\\ada\\work\\tool", ignoresCase: true };
  const windows = { ...place, home: "C:\\Users\\ada" };
  for (const pattern of ["~/work", "~\\Work", "c:/users/ada", "C:\\Users\\*\\work", "C:\\"]) {
    assert.equal(await holds("directory", pattern, windows), true, pattern);
  }
  assert.equal(await holds("directory", "C:\\Users\\bob", windows), false);
  const share = { directory: "\\\\files\\team\\tool", ignoresCase: true };
  assert.equal(await holds("directory", "\\\\files\\team", share), true);
});

Deno.test("a remote rule matches its address and below, in any spelling", async () => {
  const all: readonly [string, string, boolean][] = [
    ["git.example.com/team", "git@git.example.com:team/tool.git", true],
    ["git.example.com/team/", "https://git.example.com/Team/tool", true],
    ["git@git.example.com:team", "ssh://git@git.example.com:22/team/tool", true],
    ["https://git.example.com/team/*", "https://git.example.com/team", false],
    ["git.example.com", "https://git.example.com/x", true],
    ["*.example.com/team", "https://git.example.com/team/x", true],
    ["*.example.com/team", "https://a.git.example.com/team/x", false],
    ["git.example.com/team", "https://git.example.com/team-evil/x", false],
    ["git.example.com/team", "https://evil.example/git.example.com/team", false],
    ["git.example.com/team", "https://git.example.com@evil.example/team", false],
    ["git.example.com/team", "https://git.example.com/evil/../team/x", false],
    ["git.example.com/team", "git.example.com/team/x", false],
    ["https://git.example.com:8443/team", "https://git.example.com:8443/team/x", true],
    ["https://git.example.com:8443/team", "https://git.example.com/team/x", false],
    ["git.example.com/**/tool", "https://git.example.com/a/b/tool.git", true],
  ];
  for (const [pattern, remote, expected] of all) {
    const name = `${pattern} ${remote}`;
    assert.equal(await holds("remote", pattern, repositoryOf(remote)), expected, name);
  }
  const two = repositoryOf("https://a.example/x", "https://b.example/y");
  assert.equal(await holds("remote", "b.example", two), true);
  assert.equal(await holds("remote", "b.example", {}), false);
});

Deno.test("a host rule matches the requested host, and nothing without one", async () => {
  const all: readonly [string, string, boolean][] = [
    ["api.example.com", "https://api.example.com", true],
    ["API.Example.com", "https://api.example.com", true],
    ["api.example.com", "https://api.example.com:8443", true],
    ["api.example.com:8443", "https://api.example.com:8443", true],
    ["api.example.com:443", "https://api.example.com", true],
    ["api.example.com:8443", "https://api.example.com", false],
    ["https://api.example.com", "http://api.example.com", false],
    ["*.example.com", "https://api.example.com", true],
    ["*.example.com", "https://a.b.example.com", false],
    ["*.example.com", "https://example.com", false],
    ["example.com", "https://example.com.evil.example", false],
    ["[::1]:8443", "https://[::1]:8443", true],
  ];
  for (const [pattern, origin, expected] of all) {
    const rule = { name: "x", profile: "w", conditions: [{ kind: "host", pattern } as const] };
    const found = await tryRule(rule, { workingDirectory: noWorkingDirectory, origins: [origin] });
    assert.equal(found.holds, expected, `${pattern} ${origin}`);
  }
  assert.equal(await holds("host", "*", {}), false);
});

const rules = `[a]\n[b]\n[c]
[rule "both"]
directory = ~/x
directory = ~/y
remote = git.example.com
profile = a
[rule "first"]
directory = ~/y
profile = b
[rule "second"]
directory = ~/y/z
profile = c
`;

async function chosen(
  place: FakeWorkingDirectory,
  ...meant: string[]
): Promise<string | undefined> {
  const isMeant = meant.length === 0 ? undefined : (name: string) => meant.includes(name);
  const workingDirectory = fakeWorkingDirectory({ home: "/home/ada", ...place });
  return (await chooseRule(new Profiles(rules, ""), { workingDirectory }, isMeant))?.source;
}

Deno.test("every kind of condition must match, and the first matching rule is used", async () => {
  const directory = "/home/ada/y/z";
  const repository = repositoryOf("https://git.example.com/x");
  assert.equal(await chosen({ directory, ...repository }), 'rule "both"');
  assert.equal(await chosen({ directory: "/home/ada/x", ...repository }), 'rule "both"');
  assert.equal(await chosen({ directory }), 'rule "first"');
  assert.equal(await chosen({ directory }, "a", "c"), 'rule "second"');
  assert.equal(await chosen({ directory: "/home/ada", ...repository }), undefined);
});

Deno.test("a directory rule that does not match does not look for a repository", async () => {
  const working = await fakeWorkingDirectory({ directory: "/a" })();
  const unasked = { ...working, repository: noWorkingDirectory };
  const both = [{ kind: "directory", pattern: "/b" }, { kind: "remote", pattern: "x.example" }];
  const rule = { name: "x", profile: "w", conditions: both as never };
  assert.equal(
    (await tryRule(rule, { workingDirectory: () => Promise.resolve(unasked) })).holds,
    false,
  );
});
