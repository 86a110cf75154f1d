import assert from "node:assert/strict";
import { databricksProfiles } from "../../../src/databricks/profile_source.ts";
import type { Check } from "../../../src/doctor/check.ts";
import { checkStores, type StoreNeeds } from "../../../src/doctor/stores.ts";
import { FobError } from "../../../src/errors.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { withSources } from "../../../src/profiles/served_profiles.ts";
import { Secret } from "../../../src/secret.ts";
import { MemoryMachine } from "../../fakes/machine/memory_machine.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";
import { MemoryStores } from "../../fakes/stores/memory_stores.ts";

const theirs = Object.assign(
  new MemoryUserFile("[dev]\nhost = https://dev.cloud.databricks.com\n"),
  { source: databricksProfiles },
);

interface Home extends StoreNeeds {
  readonly machine: MemoryMachine;
  readonly memory: MemoryStores;
}

function home(): Home {
  const memory = new MemoryStores();
  return {
    memory,
    machine: new MemoryMachine(),
    directories: () => ({ config: "/c", state: "/s" }),
    profiles: () => withSources(new Profiles("[work]\n[play]\n", "config.ini"), [theirs]),
    profileSources: [databricksProfiles],
    stores: () => Promise.resolve(memory),
    uninterrupted: (work) => work(),
  };
}

async function checkOf(id: string, needs: Home): Promise<Check> {
  const found = (await checkStores(needs)).find((check) => check.id === id);
  assert.ok(found, id);
  return found;
}

Deno.test("a working keychain is ok, and not changed", async () => {
  const needs = home();
  await needs.memory.keychain.set("oidc:work", new Secret("kept"));
  const checks = await checkStores(needs);
  assert.deepEqual(checks.map(({ id, state }) => `${id} ${state}`), [
    "storage-mode ok",
    "keychain ok",
    "keychain-program ok",
    "store ok",
    "logins ok",
  ]);
  assert.equal((await checkOf("logins", needs)).detail, "1 stored; not signed in: play");
  assert.deepEqual(await needs.memory.keychain.list(), ["oidc:work"]);
  assert.equal(needs.memory.keychain.writes, 1);
});

Deno.test("the test entry is written, read and removed under a random account", async () => {
  const needs = home();
  const { tried } = needs.memory;
  let account = "";
  const set = tried.set.bind(tried);
  tried.set = (name, secret) => {
    account = name;
    return set(name, secret);
  };
  assert.equal((await checkOf("store", needs)).state, "ok");
  assert.match(account, /^probe:[\da-f-]{36}$/);
  assert.deepEqual(await tried.list(), []);
  assert.equal(needs.memory.ended, 1);
});

Deno.test("Ctrl-C waits until the test entry is removed, and then ends the checks", async () => {
  const needs = home();
  const { memory } = needs;
  const uninterrupted: Home["uninterrupted"] = async (work) => {
    await work();
    assert.deepEqual([memory.tried.writes, memory.ended], [1, 1]);
    assert.deepEqual(await memory.tried.list(), []);
    throw new FobError("interrupted", "Stopped by SIGINT");
  };
  await assert.rejects(checkStores({ ...needs, uninterrupted }), { code: "interrupted" });
});

Deno.test("a store that loses the test entry, or cannot remove it, fails", async () => {
  const forgetful = home();
  forgetful.memory.tried.get = () => Promise.resolve(undefined);
  const check = await checkOf("store", forgetful);
  assert.deepEqual([check.state, check.code], ["fail", "store_failed"]);
  assert.deepEqual([...forgetful.memory.tried.contents()], []);
  assert.equal(forgetful.memory.ended, 1);
  const clinging = home();
  clinging.memory.tried.delete = () => Promise.resolve(true);
  assert.equal((await checkOf("store", clinging)).state, "fail");
});

Deno.test("a denied write fails with the error code of the store", async () => {
  const needs = home();
  needs.memory.tried.failure = "plaintext_refused";
  assert.equal((await checkOf("store", needs)).code, "plaintext_refused");
});

Deno.test("an unusable keychain fails with the reason, and is not tested", async () => {
  for (const code of ["store_locked", "store_failed"] as const) {
    const needs = home();
    needs.memory.keychain.failure = code;
    const keychain = await checkOf("keychain", needs);
    assert.deepEqual([keychain.state, keychain.code], ["fail", code]);
    const store = await checkOf("store", needs);
    assert.deepEqual([store.state, store.code], ["warn", "not_tried"]);
    assert.equal(needs.memory.tried.writes, 0);
  }
});

Deno.test("without a keychain the file is a warning, and a failure if plaintext is forbidden", async () => {
  const needs = home();
  needs.memory.keychain.failure = "store_unavailable";
  const warning = await checkOf("keychain", needs);
  assert.deepEqual([warning.state, warning.code], ["warn", "plaintext_used"]);
  assert.equal((await checkOf("store", needs)).state, "ok");
  needs.memory.plaintextRefusedBy = "FOB_NO_PLAINTEXT";
  const failure = await checkOf("keychain", needs);
  assert.deepEqual([failure.state, failure.code], ["fail", "store_unavailable"]);
  assert.deepEqual(failure.facts, { refused: "yes", reason: "no-bus" });
});

Deno.test("logins recorded in an unavailable keychain are a failure that names them", async () => {
  const needs = home();
  needs.memory.keychain.failure = "store_unavailable";
  needs.memory.notes = ["oidc:play", "oidc:work"];
  const check = await checkOf("logins", needs);
  assert.deepEqual([check.state, check.code], ["fail", "store_unavailable"]);
  assert.match(check.detail, /\(No bus\): oidc:play, oidc:work$/);
});

Deno.test("with an unreachable keychain, logins are not counted", async () => {
  const needs = home();
  const unreached = {
    state: "unavailable",
    reason: "no-default-keychain",
    detail: "No default keychain is set (-25307)",
  } as const;
  needs.memory.availability = () => Promise.resolve(unreached);
  const check = await checkOf("logins", needs);
  assert.deepEqual([check.state, check.code], ["warn", "not_tried"]);
  assert.match(check.detail, /^Not counted: .* default keychain/);
});

Deno.test("a login without a profile is reported by its account", async () => {
  const needs = home();
  for (const account of ["oidc:work", "oidc:gone"]) {
    await needs.memory.keychain.set(account, new Secret("x"));
  }
  const check = await checkOf("logins", needs);
  assert.deepEqual([check.state, check.code], ["warn", "login_without_profile"]);
  assert.match(check.detail, /; without a profile: oidc:gone$/);
});

Deno.test("with storage mode plaintext, the file is ok and the keychain is not probed", async () => {
  const needs = home();
  needs.memory.chosen = { mode: "plaintext", source: "FOB_AUTH_STORAGE", explicit: true };
  needs.memory.keychain.failure = "store_locked";
  const states = (await checkStores(needs)).map(({ state }) => state);
  assert.deepEqual([...new Set(states)], ["ok"]);
});

Deno.test("nothing is tested that would change a mode", async () => {
  const needs = home();
  needs.memory.chosen = { mode: "plaintext", source: "FOB_AUTH_STORAGE", explicit: true };
  needs.machine.put("/s", "directory", { mode: 0o755 });
  for (const id of ["store", "logins"]) assert.equal((await checkOf(id, needs)).code, "not_tried");
  needs.machine.put("/s", "directory");
  needs.machine.put("/s/credentials.json", "file", { mode: 0o644 });
  assert.equal((await checkOf("store", needs)).state, "ok");
  assert.equal((await checkOf("logins", needs)).code, "not_tried");
});

Deno.test("the programs of the keychain are named if the system reports them", async () => {
  const needs = home();
  assert.match((await checkOf("keychain-program", needs)).detail, /^Unknown program$/);
  needs.memory.keychain.programs = () => Promise.resolve("keeper on bus");
  assert.equal((await checkOf("keychain-program", needs)).detail, "keeper on bus");
});

Deno.test("an invalid storage mode is the only check of the stores", async () => {
  const stores = (): never => {
    throw new FobError("config_invalid", "Unknown storage mode");
  };
  const checks = await checkStores({ ...home(), stores });
  assert.deepEqual(checks.map(({ id, code }) => [id, code]), [["storage-mode", "config_invalid"]]);
});

Deno.test("a broken keychain is not listed", async () => {
  const needs = home();
  needs.memory.keychain.failure = "store_timeout";
  needs.memory.keychain.list = () => assert.fail();
  const check = await checkOf("logins", needs);
  assert.deepEqual([check.state, check.code], ["warn", "not_tried"]);
});

Deno.test("logins of profiles in Databricks' file are neither stray nor reported as missing", async () => {
  const needs = home();
  assert.equal((await checkOf("logins", needs)).detail, "0 stored; not signed in: work, play");
  await needs.memory.keychain.set("databricks:dev", new Secret("kept"));
  assert.equal((await checkOf("logins", needs)).detail, "1 stored; not signed in: work, play");
});
