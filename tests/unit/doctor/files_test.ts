import assert from "node:assert/strict";
import type { Check } from "../../../src/doctor/check.ts";
import { checkFiles, type FileNeeds } from "../../../src/doctor/files.ts";
import { readProfiles } from "../../../src/profiles/profile_file.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { MemoryMachine } from "../../fakes/machine/memory_machine.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";
import { minute, noon } from "../../fakes/stores/credentials.ts";

interface Home extends FileNeeds {
  readonly machine: MemoryMachine;
}

function home(text = "", variables: Record<string, string> = {}): Home {
  return {
    environment: environmentOf(variables),
    machine: new MemoryMachine(),
    directories: () => ({ config: "/c", state: "/s", runtime: "/r" }),
    profileFile: () => new MemoryUserFile(text, "/c/config.ini"),
    profiles: () => readProfiles(new MemoryUserFile(text, "/c/config.ini")),
    clock: new FakeClock(noon),
    sources: [{ tool: "t", paths: () => ["/t/hosts.yml"], find: () => [] }],
  };
}

async function checkOf(id: string, needs: Home): Promise<Check> {
  const found = (await checkFiles(needs)).find((check) => check.id === id);
  assert.ok(found, id);
  return found;
}

function said({ state, code }: Check): string {
  return `${state} ${code}`;
}

Deno.test("private or missing files are ok", async () => {
  const needs = home("[work]\n");
  const states = async (): Promise<string[]> => (await checkFiles(needs)).map(({ state }) => state);
  assert.deepEqual([...new Set(await states())], ["ok"]);
  for (const path of ["/s", "/s/locks", "/s/keychain", "/r"]) needs.machine.put(path, "directory");
  needs.machine.put("/s/credentials.json", "file");
  needs.machine.put("/c/config.ini", "file", { mode: 0o644 });
  assert.deepEqual([...new Set(await states())], ["ok"]);
});

Deno.test("unparsable lines are a warning with their numbers, and an unknown default profile fails", async () => {
  const odd = await checkOf("profiles", home("[work]\n= hunter2\n"));
  assert.equal(said(odd), "warn lines_unread");
  assert.match(odd.detail, /^Cannot parse line 2 of /);
  const gone = await checkOf("profiles", home("[__settings__]\ndefault_profile = gone\n"));
  assert.equal(said(gone), "fail unknown_profile");
});

Deno.test("rules are checked if there are any: each must be valid and name an existing profile", async () => {
  const rule = '[work]\n[rule "a"]\ndirectory = ~/a\nprofile = ';
  const ids = (await checkFiles(home("[work]\n"))).map(({ id }) => id);
  assert.equal(ids.includes("rules"), false);
  assert.equal((await checkOf("rules", home(`${rule}work\n`))).state, "ok");
  assert.equal(said(await checkOf("rules", home(`${rule}gone\n`))), "fail unknown_profile");
  assert.equal(said(await checkOf("rules", home(`${rule}work\nx = y\n`))), "fail config_invalid");
});

Deno.test("a profile file that others can write is a warning, one of another user a failure", async () => {
  const needs = home();
  needs.machine.put("/c/config.ini", "file", { mode: 0o664 });
  assert.equal(said(await checkOf("profiles-mode", needs)), "warn mode_too_wide");
  needs.machine.put("/c/config.ini", "file", { owner: 1001 });
  assert.equal(said(await checkOf("profiles-mode", needs)), "fail not_private");
  needs.machine.put("/c/config.ini", "file", { owner: 0 });
  assert.equal((await checkOf("profiles-mode", needs)).state, "ok");
});

Deno.test("files and directories that other users can read fail", async () => {
  const needs = home();
  needs.machine.put("/s/credentials.json", "file", { mode: 0o640 });
  const file = await checkOf("credentials-mode", needs);
  assert.equal(said(file), "fail mode_too_wide");
  assert.deepEqual(file.facts, { path: "/s/credentials.json", mode: "600" });
  for (const path of ["/s", "/s/locks", "/s/keychain", "/r", "/r/locks"]) {
    const other = home();
    other.machine.put(path, "directory", { mode: 0o750 });
    const check = await checkOf("state-mode", other);
    assert.equal(said(check), "fail mode_too_wide", path);
    assert.deepEqual(check.facts, { path, mode: "700" });
  }
});

Deno.test("a link, another kind of file, and a file of another user fail", async () => {
  for (const odd of [{ isLink: true }, { kind: "directory" }, { owner: 0 }] as const) {
    const needs = home();
    needs.machine.put("/s/credentials.json", "file", odd);
    assert.equal(said(await checkOf("credentials-mode", needs)), "fail not_private");
  }
});

Deno.test("without modes, the check says how the files are protected", async () => {
  const needs = home();
  needs.machine.entries.set("/s/credentials.json", { kind: "file", isLink: false });
  const { state, detail } = await checkOf("credentials-mode", needs);
  assert.equal(state, "ok");
  assert.match(detail, /protected by the access list of the profile directory$/);
});

Deno.test("old temporary files of killed writers are a warning", async () => {
  const left = [
    "/s/.credentials.json.fob-1",
    "/s/probe-01234567-89ab-cdef-0123-456789abcdef.json",
    "/s/credentials.json.corrupt-2026",
    "/c/.config.ini.fob-2",
    "/c/.config.ini.bak.fob-3",
  ];
  for (const path of left) {
    const needs = home();
    needs.machine.put(path, "file", { modifiedAt: noon - 2 * minute });
    const check = await checkOf("leftover-files", needs);
    assert.equal(said(check), "warn file_left", path);
    assert.deepEqual(check.facts, { paths: path });
  }
  const busy = home();
  busy.machine.put("/s/.credentials.json.fob-1", "file", { modifiedAt: noon - 1_000 });
  busy.machine.put("/s/credentials.json", "file", { modifiedAt: 0 });
  busy.machine.put("/c/config.ini.bak", "file", { modifiedAt: 0 });
  assert.equal((await checkOf("leftover-files", busy)).state, "ok");
});

Deno.test("an unknown profile in FOB_PROFILE fails", async () => {
  const check = await checkOf("profiles", home("[work]\n", { FOB_PROFILE: "gone" }));
  assert.deepEqual([check.state, check.code], ["fail", "unknown_profile"]);
  assert.match(check.detail, /^Profile "gone" \(from FOB_PROFILE\) not found in /);
  const host = "[work]\nhost = https://a.example\n";
  for (const FOB_PROFILE of ["work", "a.example"]) {
    assert.equal((await checkOf("profiles", home(host, { FOB_PROFILE }))).state, "ok");
  }
  const overridden = home("", { FOB_PROFILE: "gone", API_TOKEN: "t" });
  assert.equal((await checkOf("profiles", overridden)).state, "ok");
});

Deno.test("a leftover beside another tool's file is a warning", async () => {
  const needs = home();
  needs.machine.put("/t/.hosts.yml.fob-backup.fob-1", "file", { modifiedAt: noon - 3_600_000 });
  needs.machine.put("/t/hosts.yml.fob-backup", "file", { modifiedAt: noon - 3_600_000 });
  const check = await checkOf("leftover-files", needs);
  assert.deepEqual(check.facts, { paths: "/t/.hosts.yml.fob-backup.fob-1" });
});

Deno.test("a file in the temporary directory of a killed process is a warning", async () => {
  const needs = home();
  const [folder, path] = ["/r/tmp/1", "/r/tmp/1/lock"];
  needs.machine.put(folder, "directory");
  for (const name of ["lock", "TOKEN"]) needs.machine.put(`${folder}/${name}`, "file");
  needs.machine.locks.set(folder, [{ path, name: "lock", isHeld: true, text: "" }]);
  assert.equal((await checkOf("leftover-files", needs)).state, "ok");
  needs.machine.locks.set(folder, [{ path, name: "lock", isHeld: false, text: "" }]);
  const check = await checkOf("leftover-files", needs);
  assert.deepEqual([check.code, check.facts], ["file_left", { paths: `${folder}/TOKEN` }]);
});

Deno.test("old files without a lease record are a warning", async () => {
  const needs = home();
  const put = (name: string, isHeld?: boolean): string => {
    const path = `/s/leases/${name}`;
    needs.machine.put(path, "file", { modifiedAt: noon - 2 * minute });
    const locks = needs.machine.locks.get("/s/leases") ?? [];
    const lock = { path, name: name.replace(/\.lock$/, ""), isHeld: isHeld === true, text: "" };
    if (isHeld !== undefined) needs.machine.locks.set("/s/leases", [...locks, lock]);
    return path;
  };
  put("begins.lock", true);
  put("noted.lock", false);
  put("noted.json");
  const young = put("young.lock", false);
  needs.machine.put(young, "file", { modifiedAt: noon - 1_000 });
  assert.equal((await checkOf("leftover-files", needs)).state, "ok");
  const left = [put(".killed.json.fob-1"), put("killed.lock", false)];
  const check = await checkOf("leftover-files", needs);
  assert.deepEqual([check.code, check.facts], ["file_left", { paths: left.join("\n") }]);
});
