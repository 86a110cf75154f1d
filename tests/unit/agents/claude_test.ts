import assert from "node:assert/strict";
import type { AgentStart } from "../../../src/agents/agent.ts";
import { claude } from "../../../src/agents/claude.ts";
import { access, call, localKey } from "./agent_calls.ts";

/** The settings that `--settings` passes, in the arguments or in the file. */
function settingsOf({ args, file }: AgentStart): { [name: string]: unknown; env: object } {
  return JSON.parse(file?.text ?? args[args.indexOf("--settings") + 1] ?? "");
}

Deno.test("claude gets the command and the address by --settings, before the caller's arguments", () => {
  const start = claude.start(access(), call(["-p", "hi"]));
  assert.deepEqual([start.args[0], ...start.args.slice(2)], ["--settings", "-p", "hi"]);
  const { env, apiKeyHelper } = settingsOf(start);
  assert.equal(apiKeyHelper, "'/opt/my fob/fob' auth token work -o text");
  assert.equal(
    Object.entries(env).find(([name]) => name === "ANTHROPIC_BASE_URL")?.[1],
    "https://h.example.com/models",
  );
  assert.deepEqual(start.set, {});
  assert.equal(start.defaults?.["ANTHROPIC_DEFAULT_HAIKU_MODEL"], "small");
});

Deno.test("claude's settings let a project set no proxy, socket or certificate", () => {
  const { env } = settingsOf(claude.start(access(), call()));
  for (
    const name of [
      "HTTPS_PROXY",
      "http_proxy",
      "NODE_TLS_REJECT_UNAUTHORIZED",
      "ANTHROPIC_UNIX_SOCKET",
    ]
  ) {
    assert.equal(Object.entries(env).find(([it]) => it === name)?.[1], "", name);
  }
});

Deno.test("a proxy of the caller stays, in a file that other users cannot read", () => {
  const start = claude.start(access(), call(["-p"], { HTTPS_PROXY: "http://me:password@proxy" }));
  assert.deepEqual(start.args, ["-p"]);
  assert.deepEqual(start.file?.passedBy, { option: "--settings" });
  assert.match(start.file.text, /"HTTPS_PROXY":"http:\/\/me:password@proxy"/);
});

Deno.test("the caller's settings for claude are merged with fob's, in a file", () => {
  const own = '{"model":"opus","env":{"DISABLE_TELEMETRY":"1"}}';
  for (const args of [["--settings", own, "-p"], [`--settings=${own}`, "-p"]]) {
    assert.equal(claude.callersFile?.(call(args)), undefined);
    const start = claude.start(access(), call(args));
    assert.deepEqual(start.args, ["-p"]);
    const { model, env, apiKeyHelper } = settingsOf(start);
    assert.equal(model, "opus");
    assert.match(JSON.stringify(env), /"DISABLE_TELEMETRY":"1"/);
    assert.match(String(apiKeyHelper), /auth token/);
  }
});

Deno.test("a settings file that the caller gives claude is read", () => {
  const args = ["--settings", "mine.json"];
  assert.equal(claude.callersFile?.(call(args)), "mine.json");
  const start = claude.start(access(), call(args, {}, '{"model":"opus"}'));
  assert.equal(settingsOf(start)["model"], "opus");
  assert.equal(claude.callersFile?.(call(["-p", "--", ...args])), undefined, "no option there");
});

Deno.test("settings that conflict with fob's, and invalid JSON, are rejected", () => {
  for (
    const own of [
      '{"apiKeyHelper":"x"}',
      '{"env":{"ANTHROPIC_BASE_URL":"x"}}',
      '{"env":{"ANTHROPIC_API_KEY":"x"}}',
      "{secret",
      "[]",
    ]
  ) {
    assert.throws(
      () => claude.start(access(), call(["--settings", own], {}, own)),
      (error: Error & { code?: string }) =>
        error.code === "usage" && !error.message.includes("secret"),
      own,
    );
  }
});

Deno.test("with a local endpoint claude gets its key in a variable and no command", () => {
  const start = claude.start(access(localKey), call());
  assert.deepEqual(start.set, { ANTHROPIC_AUTH_TOKEN: "local-key" });
  assert.equal(settingsOf(start)["apiKeyHelper"], undefined);
  assert.doesNotMatch(start.args.join(" "), /local-key/);
});
