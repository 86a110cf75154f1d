import assert from "node:assert/strict";
import { checkOwnSecrets, type OwnSecretNeeds } from "../../../src/doctor/plaintext.ts";
import { Secret } from "../../../src/secret.ts";
import { MemoryMachine } from "../../fakes/machine/memory_machine.ts";
import { MemoryTextFile } from "../../fakes/machine/memory_text_file.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";
import { MemoryStores } from "../../fakes/stores/memory_stores.ts";

interface Home extends OwnSecretNeeds {
  readonly machine: MemoryMachine;
  readonly memory: MemoryStores;
}

function home(profiles = "", backup = ""): Home {
  const memory = new MemoryStores();
  return {
    memory,
    machine: new MemoryMachine(),
    directories: () => ({ config: "/c", state: "/s" }),
    profileFile: () => new MemoryUserFile(profiles),
    foreignFile: (path) => Promise.resolve(new MemoryTextFile(backup, path)),
    stores: () => Promise.resolve(memory),
  };
}

const withToken = "[work]\nprovider = token\ntoken = hunter2\n";

Deno.test("with a keychain, logins in the file are reported, and not moved", async () => {
  const needs = home(withToken);
  await needs.memory.file.set("oidc:play", new Secret("hunter2"));
  const check = await checkOwnSecrets(needs);
  assert.deepEqual([check.state, check.code], ["warn", "plaintext_left"]);
  assert.equal(
    check.detail,
    "The next command that uses a login moves: " +
      'a token of work in "config.ini"; oidc:play in "memory"',
  );
  assert.deepEqual(await needs.memory.file.list(), ["oidc:play"]);
  assert.equal(needs.memory.keychain.writes, 0);
});

Deno.test("plaintext that is not moved automatically is only reported", async () => {
  const asked = home(withToken);
  asked.memory.chosen = { mode: "secure", source: "auth_storage", explicit: true };
  assert.equal((await checkOwnSecrets(asked)).facts?.["moves"], "on_request");
  const away = home(withToken);
  away.memory.keychain.failure = "store_unavailable";
  assert.equal((await checkOwnSecrets(away)).facts?.["moves"], "never");
});

Deno.test("a file that is selected, or the fallback, is ok", async () => {
  const asked = home();
  asked.memory.chosen = { mode: "plaintext", source: "FOB_AUTH_STORAGE", explicit: true };
  const away = home();
  away.memory.keychain.failure = "store_unavailable";
  for (const needs of [asked, away]) {
    await needs.memory.file.set("oidc:play", new Secret("x"));
    assert.equal((await checkOwnSecrets(needs)).state, "ok");
  }
});

Deno.test("a token in the .bak is reported, without a promise to move it", async () => {
  const check = await checkOwnSecrets(home("[work]\n", withToken));
  assert.equal(check.detail, 'In plaintext: a token of work in "config.ini.bak"');
  assert.deepEqual(check.facts, { tool: "fob", backups: "config.ini.bak" });
  assert.ok(!JSON.stringify(check).includes("hunter2"));
  const both = await checkOwnSecrets(home(withToken, withToken));
  assert.match(
    both.detail,
    /command that uses a login moves: .* in "config\.ini"; in a backup: .* in "config\.ini\.bak"$/,
  );
});

Deno.test("a profile file with a token is reported with its mode if other users can read it", async () => {
  const needs = home(withToken);
  needs.machine.put("config.ini", "file", { mode: 0o644 });
  const { detail } = await checkOwnSecrets(needs);
  assert.match(detail, /in "config\.ini", which other users can read \(mode 0644\)$/);
});

Deno.test("a file with a wider mode is named and not read", async () => {
  const needs = home();
  needs.machine.put("/s/credentials.json", "file", { mode: 0o644 });
  needs.machine.put("memory", "file");
  needs.memory.file.list = () => assert.fail();
  assert.match((await checkOwnSecrets(needs)).detail, /"memory" \(not read\)$/);
});
