import assert from "node:assert/strict";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { readRules, type Rule } from "../../../src/profiles/rules.ts";

function rulesIn(text: string): Rule[] {
  return readRules(new Profiles(text, "config.ini").ruleSections(), "config.ini");
}

Deno.test("rules are read in the order of the file, and are no profiles", () => {
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

Deno.test("what is no rule is refused with its line: without it another profile could answer", () => {
  const rule = '[rule "a"]\nprofile = work\n';
  const all: readonly [string, number, RegExp][] = [
    ["[work]\n[rule a]\n", 2, /begin with \[rule "NAME"\]/],
    ['\n[rule ""]\n', 2, /begin with/],
    ['[rule "a\u001b"]\n', 1, /begin with/],
    [`${rule}directory = ~/a\n[home]\n${rule}`, 5, /a rule "a" already/],
    [rule, 1, /has no directory, no remote, no host/],
    ['[rule "a"]\ndirectory = ~/a\n', 1, /names no profile/],
    [`${rule}profile = home\n`, 3, /two profiles/],
    [`${rule}diretory = ~/a\n`, 3, /a key beside directory, remote, host and profile/],
    [`${rule}Directory = ~/a\n`, 3, /a key beside/],
    [`${rule}directory =\n`, 3, /"directory" has no value/],
    [`${rule}directory\n`, 3, /"directory" has no value/],
    [`${rule}directory = work/\n`, 3, /begins with ~\/ or with the root/],
    [`${rule}directory = **/work\n`, 3, /begins with/],
    [`${rule}directory = ./work\n`, 3, /begins with/],
    [`${rule}directory = ~ada/work\n`, 3, /begins with/],
    [`${rule}directory = ~/a/../b\n`, 3, /no part/],
    [`${rule}host = example.com/path\n`, 3, /a host is written like/],
    [`${rule}host = ada@example.com\n`, 3, /a host is written like/],
    [`${rule}remote = file:///srv\n`, 3, /a remote is written like/],
    [`${rule}remote = /srv/git\n`, 3, /a remote is written like/],
  ];
  for (const [text, line, why] of all) {
    assert.throws(() => rulesIn(text), (error: Error) => {
      assert.ok("code" in error && error.code === "config_invalid", text);
      assert.match(error.message, why, text);
      assert.ok(error.message.startsWith(`Line ${line} of "config.ini" `), error.message);
      return true;
    }, text);
  }
});
