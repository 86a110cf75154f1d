import assert from "node:assert/strict";
import { findAgent } from "../../../src/agents/agents.ts";
import { codex } from "../../../src/agents/codex.ts";
import { copilot } from "../../../src/agents/copilot.ts";
import { crush } from "../../../src/agents/crush.ts";
import { gemini } from "../../../src/agents/gemini.ts";
import { opencode } from "../../../src/agents/opencode.ts";
import { pi } from "../../../src/agents/pi.ts";
import { access, call, command, localKey } from "./agent_calls.ts";

const line = "'/opt/my fob/fob' auth token work -o text";

Deno.test("an agent is found by the name of its program, in any directory", () => {
  assert.equal(findAgent("claude", false)?.title, "Claude Code");
  assert.equal(findAgent("/usr/local/bin/codex", false), codex);
  assert.equal(findAgent("C:\\npm\\Gemini.CMD", true), gemini);
  assert.equal(findAgent("claude.txt", false), undefined);
  assert.equal(findAgent("claude/other", false), undefined);
});

Deno.test("codex gets its settings by -c, before the caller's own -c", () => {
  const { args, set } = codex.start(access(), call(["-c", 'model="mine"', "exec"]));
  assert.deepEqual(args.filter((word) => word === "-c").length, 4);
  assert.deepEqual(args.slice(-3), ["-c", 'model="mine"', "exec"]);
  assert.equal(
    args[3],
    'model_providers.fob={name="fob",base_url="https://h.example.com/models",wire_api="responses",' +
      'auth={command="/opt/my fob/fob",args=["auth","token","work","-o","text"],' +
      "timeout_ms=10000,refresh_interval_ms=60000}}",
  );
  assert.deepEqual(set, {});
});

Deno.test("codex reads the key of a local endpoint from a variable", () => {
  const { args, set } = codex.start(access(localKey), call());
  assert.match(args[3] ?? "", /env_key="FOB_SERVE_KEY"/);
  assert.deepEqual(set, { FOB_SERVE_KEY: "local-key" });
  assert.doesNotMatch(args.join(" "), /local-key|auth=/);
});

Deno.test("codex without a given model keeps its own", () => {
  const { args } = codex.start({ baseUrl: "https://h.example.com", key: command }, call());
  assert.equal(args.length, 4);
});

Deno.test("opencode's variable names the variable of the key and keeps the caller's settings", () => {
  const own = '{"model":"mine/x","provider":{"mine":{"name":"m"}},"theme":"dark"}';
  const start = opencode.start(access(localKey), call(["run"], { OPENCODE_CONFIG_CONTENT: own }));
  const content = JSON.parse(start.set["OPENCODE_CONFIG_CONTENT"] ?? "");
  assert.deepEqual(start.args, ["run"]);
  assert.equal(start.set["FOB_SERVE_KEY"], "local-key");
  assert.equal(content.provider.fob.options.apiKey, "{env:FOB_SERVE_KEY}");
  assert.deepEqual(content.provider.mine, { name: "m" });
  assert.deepEqual([content.theme, content.model, content.small_model], [
    "dark",
    "mine/x",
    "fob/small",
  ]);
  assert.deepEqual(Object.keys(content.provider.fob.models), ["large", "small"]);
});

Deno.test("an invalid value of opencode's variable is not quoted in the error", () => {
  assert.throws(
    () => opencode.start(access(localKey), call([], { OPENCODE_CONFIG_CONTENT: "{secret" })),
    { code: "usage", message: "OPENCODE_CONFIG_CONTENT is not a JSON object" },
  );
});

Deno.test("gemini gets a home directory from fob, unless the caller sets one", () => {
  const start = gemini.start(access(localKey), call());
  assert.equal(start.set["GEMINI_API_KEY"], "local-key");
  assert.equal(start.set["GEMINI_API_KEY_AUTH_MECHANISM"], "bearer");
  assert.equal(start.defaults?.["GEMINI_MODEL"], "large");
  assert.deepEqual(start.file?.passedBy, { folderVariable: "GEMINI_CLI_HOME" });
  assert.equal(start.file.isKept, true);
  assert.equal(gemini.start(access(localKey), call([], { GEMINI_CLI_HOME: "/x" })).file, undefined);
});

Deno.test("an agent that cannot run a command is not started with one", () => {
  for (const agent of [gemini, opencode]) {
    assert.equal(agent.runsCommand, false);
    assert.throws(() => agent.start(access(), call()), { code: "usage" });
  }
});

Deno.test("copilot gets the command or the key of a local endpoint", () => {
  const start = copilot.start(access(), call(["-p", "hi"]));
  assert.equal(start.set["COPILOT_PROVIDER_API_KEY_COMMAND"], line);
  assert.equal(start.set["COPILOT_PROVIDER_API_KEY"], undefined);
  assert.equal(start.defaults?.["COPILOT_MODEL"], "large");
  const served = copilot.start(access(localKey), call()).set;
  assert.equal(served["COPILOT_PROVIDER_API_KEY"], "local-key");
  assert.equal(served["COPILOT_PROVIDER_API_KEY_COMMAND"], undefined);
});

Deno.test("pi gets a provider by an extension and keeps the caller's model", () => {
  const start = pi.start(access(), call(["-p", "hi"]));
  assert.deepEqual(start.args, ["--provider", "fob", "--model", "large", "-p", "hi"]);
  assert.deepEqual(start.file?.passedBy, { option: "--extension" });
  assert.equal(JSON.parse(start.set["FOB_PI_PROVIDER"] ?? "").apiKey, `!${line}`);
  assert.deepEqual(pi.start(access(), call(["--model", "x"])).args, ["--model", "x"]);
  assert.deepEqual(pi.start(access(), call(["list"])), { args: ["list"], set: {} });
  const served = pi.start(access(localKey), call()).set;
  assert.equal(JSON.parse(served["FOB_PI_PROVIDER"] ?? "").apiKey, "$FOB_SERVE_KEY");
});

Deno.test("crush gets fob's provider and keeps the user's settings", () => {
  const path = "/home/me/.config/crush/crush.json";
  assert.equal(crush.callersFile?.(call([], { HOME: "/home/me" })), path);
  const own = '{"lsp":{"go":{}},"providers":{"mine":{}}}';
  const { file } = crush.start(access(), call([], {}, own));
  const settings = JSON.parse(file?.text ?? "");
  assert.deepEqual(Object.keys(settings.providers), ["mine", "fob"]);
  assert.deepEqual(settings.lsp, { go: {} });
  assert.equal(settings.providers.fob.api_key, `$(${line})`);
  assert.throws(() => crush.start(access(), call([], {}, "{secret")), { code: "config_invalid" });
});

Deno.test("an agent without a default model requires one", () => {
  const { baseUrl, key } = access();
  for (const agent of [copilot, pi, crush]) {
    assert.throws(() => agent.start({ baseUrl, key }, call()), { code: "usage" }, agent.program);
  }
});
