import assert from "node:assert/strict";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { readRules, type Rule } from "../../../src/profiles/rules.ts";

function rulesIn(text: string): Rule[] {
  return readRules(new Profiles(text, "config.ini").ruleSections(), "config.ini");
}

Deno.test("rules are read in file order and are not profiles", () => {
  const text = `[work]
[rule "b"]
directory = ~/b/
directory = ~/c
profile = work
[home]
[rule "a"]
; a comment
profile: home
host = *.example.com:8443
remote = git@git.example.com:team/*
`;
  assert.deepEqual(new Profiles(text, "").names(), ["work", "home"]);
  assert.equal(new Profiles(text, "").get('rule "a"'), undefined);
  assert.deepEqual(rulesIn(text), [
    {
      name: "b",
      profile: "work",
      conditions: [
        { kind: "directory", pattern: "~/b/" },
        { kind: "directory", pattern: "~/c" },
      ],
    },
    {
      name: "a",
      profile: "home",
      conditions: [
        { kind: "host", pattern: "*.example.com:8443" },
        { kind: "remote", pattern: "git@git.example.com:team/*" },
      ],
    },
  ]);
});

Deno.test("an invalid rule is an error with its line", () => {
  const rule = '[rule "a"]\nprofile = work\n';
  const all: readonly [string, number, RegExp][] = [
    ["[work]\n[rule a]\n", 2, /must be \[rule "NAME"\]/],
    ['\n[rule ""]\n', 2, /must be/],
    ['[rule "a\u001b"]\n', 1, /must be/],
    [`${rule}directory = ~/a\n[home]\n${rule}`, 5, /rule "a" is already defined/],
    [rule, 1, /needs a condition \(directory, remote, host\)/],
    ['[rule "a"]\ndirectory = ~/a\n', 1, /has no profile/],
    [`${rule}profile = home\n`, 3, /"profile" is set twice/],
    [
      `${rule}diretory = ~/a\n`,
      3,
      /unknown key "diretory" in \[rule "a"\] \(allowed: directory, remote, host, profile\)/,
    ],
    [`${rule}Directory = ~/a\n`, 3, /unknown key "Directory" in/],
    [`${rule}hushHUSH==\n`, 3, /unknown key in/],
    [`${rule}hush\n`, 3, /unknown key in/],
    [`${rule}hush-hush = x\n`, 3, /unknown key in/],
    [`${rule}directory =\n`, 3, /"directory" has no value/],
    [`${rule}directory\n`, 3, /"directory" has no value/],
    [`${rule}directory = work/\n`, 3, /must start with ~\/ or be an absolute path/],
    [`${rule}directory = **/work\n`, 3, /must start with/],
    [`${rule}directory = ./work\n`, 3, /must start with/],
    [`${rule}directory = ~ada/work\n`, 3, /must start with/],
    [`${rule}directory = ~/a/../b\n`, 3, /must not contain the parts/],
    [`${rule}host = example.com/path\n`, 3, /use a host like/],
    [`${rule}host = ada@example.com\n`, 3, /use a host like/],
    [`${rule}remote = file:///srv\n`, 3, /use a remote like/],
    [`${rule}remote = /srv/git\n`, 3, /use a remote like/],
  ];
  for (const [text, line, why] of all) {
    assert.throws(() => rulesIn(text), (error: Error) => {
      assert.ok("code" in error && error.code === "config_invalid", text);
      assert.match(error.message, why, text);
      const start = `Invalid rule in "config.ini", line ${line}: `;
      assert.ok(error.message.startsWith(start), error.message);
      assert.doesNotMatch(error.message, /hush/i);
      return true;
    }, text);
  }
});
