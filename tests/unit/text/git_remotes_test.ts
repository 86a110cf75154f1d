import assert from "node:assert/strict";
import fc from "fast-check";
import { readRemotes, remoteAddress } from "../../../src/text/git_remotes.ts";

Deno.test("readRemotes reads remotes like Git", () => {
  const config = [
    "[core]",
    "\turl = https://not-a-remote.example",
    '[remote "origin"]',
    "\tfetch = +refs/heads/*:refs/remotes/origin/*",
    "\tURL = https://a.example/x.git # of the team",
    '[REMOTE "Up Stream \\"1\\"]"] url = "https://b.example/a;b#c  " ; more',
    "  pushurl = https://pushed.example",
    "  url=https://c.exam\\",
    "ple/y",
    "[core] [remote.old] url = git@d.example:team/z.git",
    '[branch "main"]',
    "url = https://branch.example",
    '[url "https://real.example/"]',
    "insteadOf = https://a.example/",
    "[include]",
    "path = /etc/evil",
    "[remote]",
    "url = https://nameless.example",
  ].join("\n");
  assert.deepEqual(readRemotes(config), [
    "https://a.example/x.git",
    "https://b.example/a;b#c  ",
    "https://c.example/y",
    "git@d.example:team/z.git",
  ]);
  assert.deepEqual(readRemotes(config.replaceAll("\n", "\r\n")), readRemotes(config));
});

Deno.test("readRemotes reads any text in bounded time", () => {
  const piece = fc.constantFrom("[remote", ' "x"', "]", "url", "=", "\\", '"', "\n", "#", "a", " ");
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
    for (const address of readRemotes(pieces.join(""))) assert.equal(typeof address, "string");
  }));
  assert.deepEqual(readRemotes('[remote "'.repeat(20_000)), []);
  assert.deepEqual(readRemotes("\\".repeat(200_000)), []);
  assert.deepEqual(readRemotes(`[remote "${"\\\\".repeat(100_000)}`), []);
  assert.equal(readRemotes(`[remote "a"]\nurl = ${"a".repeat(1_000_000)}`).length, 1);
  assert.deepEqual(readRemotes(`[${" ".repeat(100_000)}`), []);
});

Deno.test("remoteAddress returns the same address for all spellings", () => {
  const same = { host: "git.example.com", path: ["team", "tool"] };
  for (
    const text of [
      "https://git.example.com/team/tool",
      "https://git.example.com/team/tool.git",
      "https://ada:hush@Git.Example.com/Team//tool.git/",
      "ssh://git@git.example.com/team/tool.git",
      "git@git.example.com:team/tool.git",
      "git.example.com:team/tool",
      "git.example.com:/team/tool",
    ]
  ) assert.deepEqual(remoteAddress(text), same, text);
  assert.deepEqual(remoteAddress("ssh://git@git.example.com:2222/a"), {
    host: "git.example.com",
    port: "2222",
    path: ["a"],
  });
  assert.deepEqual(remoteAddress("https://[::1]:8443/a")?.host, "[::1]");
});

Deno.test("remoteAddress rejects local, ambiguous and invalid addresses", () => {
  for (
    const text of [
      "",
      "/srv/git/tool",
      "../tool",
      "git.example.com/team/tool",
      "file:///srv/tool",
      "ext::sh -c evil% ",
      "foreign::https://git.example.com/team",
      "https://git.example.com/team/../other",
      "git@git.example.com:team/./../x",
      "https://git.example.com/team\u0000/x",
      "https://git.example.com\\@evil.example/team",
      "https://git.example.com/te am",
      `https://git.example.com/${"a".repeat(3000)}`,
    ]
  ) assert.equal(remoteAddress(text), undefined, text);
  assert.equal(remoteAddress("https://git.example.com@evil.example/team")?.host, "evil.example");
  assert.equal(remoteAddress("git.example.com@evil.example:team")?.host, "evil.example");
});
