import assert from "node:assert/strict";
import { checkServers, type ServerNeeds } from "../../../src/doctor/servers.ts";
import { FobError } from "../../../src/errors.ts";
import type { FoundServer, SignInTarget } from "../../../src/providers/provider.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";

type Find = (target: SignInTarget) => Promise<FoundServer>;

function needsOf(text: string, find: Find): ServerNeeds {
  return {
    profileFile: () => new MemoryUserFile(text),
    provider: () => Promise.resolve({ find }),
  };
}

async function said(needs: ServerNeeds): Promise<string[]> {
  return (await checkServers(needs)).map(({ id, state, code }) => `${id} ${state} ${code ?? ""}`);
}

const answers = (skew: number): Find => ({ issuer = "https://found.example" }) =>
  Promise.resolve({ issuer, skew });

Deno.test("profiles of one issuer share one request, which contains only the address", async () => {
  const asked: SignInTarget[] = [];
  const text = `[a]\nissuer = https://i.example\nhost = https://a.example\nclient_id = x
[b]\nissuer = https://i.example\nhost = https://b.example
[c]\nhost = https://c.example\n[pat]\nprovider = token\nhost = https://d.example\n`;
  const checks = await checkServers(needsOf(text, (target) => {
    asked.push(target);
    return answers(0)(target);
  }));
  assert.deepEqual(asked, [
    { issuer: "https://i.example", host: "https://a.example" },
    { host: "https://c.example" },
  ]);
  assert.deepEqual(checks.map(({ detail }) => detail), [
    '"https://i.example" responds (used by a, b)',
    '"https://found.example" responds (used by c)',
    "In sync with the servers",
  ]);
});

Deno.test("without profiles that sign in, no server and no clock is checked", async () => {
  const none = needsOf("[pat]\nprovider = token\n", () => assert.fail());
  assert.deepEqual(await said(none), ["issuers ok "]);
});

Deno.test("a clock off by more than a minute is a warning, by more than five minutes a failure", async () => {
  const expected: [number, string][] = [
    [0, "ok "],
    [60, "ok "],
    [-61, "warn clock_off"],
    [300, "warn clock_off"],
    [301, "fail clock_off"],
    [-86_400, "fail clock_off"],
  ];
  for (const [skew, state] of expected) {
    const [, clock] = await said(needsOf("[a]\nissuer = https://i.example\n", answers(skew)));
    assert.equal(clock, `clock ${state}`, String(skew));
  }
});

Deno.test("a server that reports no time is not compared", async () => {
  const silent: Find = () => Promise.resolve({ issuer: "https://i.example" });
  const text = "[a]\nissuer = https://i.example\n";
  assert.deepEqual(await said(needsOf(text, silent)), [
    "issuer:a ok ",
    "clock warn clock_unknown",
  ]);
});

Deno.test("an unreachable server fails only its own profiles", async () => {
  const text = "[a]\nissuer = https://up.example\n[b]\nissuer = https://down.example\n";
  const find: Find = (target) => {
    if (target.issuer === "https://up.example") return answers(0)(target);
    return Promise.reject(new FobError("provider_unreachable", "Cannot reach it"));
  };
  assert.deepEqual(await said(needsOf(text, find)), [
    "issuer:a ok ",
    "issuer:b fail provider_unreachable",
    "clock ok ",
  ]);
  const down: Find = () => Promise.reject(new FobError("provider_unreachable", "Down"));
  assert.deepEqual((await said(needsOf(text, down))).at(-1), "clock warn clock_unknown");
});

Deno.test("an unknown provider and an unreadable profile file are failed checks", async () => {
  const unknown: ServerNeeds = {
    ...needsOf("[a]\nprovider = x\n", answers(0)),
    provider: () => Promise.reject(new FobError("config_invalid", "Unknown provider")),
  };
  assert.equal((await said(unknown))[0], "issuer:a fail config_invalid");
  const file = new MemoryUserFile();
  file.read = () => Promise.reject(new FobError("config_invalid", "Not UTF-8"));
  const unread = { ...needsOf("", answers(0)), profileFile: () => file };
  assert.deepEqual(await said(unread), ["issuers fail config_invalid"]);
});
