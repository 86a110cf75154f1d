import assert from "node:assert/strict";
import type { ErrorCode } from "../../../src/errors.ts";
import {
  findKept,
  isToolAccount,
  keepEntry,
  removeEntries,
  type StoreRequest,
} from "../../../src/helpers/tool_entry.ts";
import { Secret } from "../../../src/secret.ts";
import { at, ToolMachine } from "../../fakes/machine/tool_machine.ts";
import { minute, noon } from "../../fakes/stores/credentials.ts";

function given(address: string, secret: string, more: Partial<StoreRequest> = {}): StoreRequest {
  return { tool: "git", place: at(address), secret: new Secret(secret), namesUsers: true, ...more };
}

async function found(machine: ToolMachine, address: string, more = {}): Promise<string[]> {
  const kept = await findKept({ tool: "git", place: at(address), ...more }, machine.needs);
  return kept.map(({ credential }) => credential.token.reveal());
}

Deno.test("an entry is found by tool, origin and user; an entry with a path is preferred", async () => {
  const machine = new ToolMachine("");
  await keepEntry(given("https://h.example", "host"), machine.needs);
  await keepEntry(given("https://h.example/a b/ü", "path", { username: "a b" }), machine.needs);
  assert.deepEqual(await found(machine, "https://h.example/a b/ü"), ["path", "host"]);
  assert.deepEqual(await found(machine, "https://h.example/a b/ü", { username: "a b" }), ["path"]);
  assert.deepEqual(await found(machine, "https://h.example/a"), ["host"]);
  assert.deepEqual(await found(machine, "https://h.example"), ["host"]);
  assert.deepEqual(await found(machine, "https://h.example", { tool: "docker" }), []);
  for (const address of ["https://h.example:1", "http://h.example", "https://h.example.org"]) {
    assert.deepEqual(await found(machine, address), [], address);
  }
});

Deno.test("the newest entry is first, and expired entries are left out", async () => {
  const machine = new ToolMachine("");
  const address = "https://h.example";
  await keepEntry(given(address, "1", { username: "zoe", expiresAt: noon + 2 }), machine.needs);
  machine.clock.advance(1);
  await keepEntry(given(address, "2", { username: "ada" }), machine.needs);
  assert.deepEqual(await found(machine, address), ["2", "1"]);
  machine.clock.advance(minute);
  assert.deepEqual(await found(machine, address), ["2"]);
});

Deno.test("a tool without usernames has one entry for a host", async () => {
  const machine = new ToolMachine("");
  const address = "https://h.example";
  for (const username of ["zoe", "ada"]) {
    await keepEntry(given(address, username, { username, namesUsers: false }), machine.needs);
  }
  assert.deepEqual(machine.accounts(), ["git:https://h.example ada"]);
});

Deno.test("a removal matches the exact path, and returns whether an entry existed", async () => {
  const machine = new ToolMachine("");
  await keepEntry(given("https://h.example", "host"), machine.needs);
  await keepEntry(given("https://h.example/v1/", "path"), machine.needs);
  const place = at("https://h.example/v1/");
  assert.equal(await removeEntries({ tool: "git", place }, machine.needs), true);
  assert.equal(await removeEntries({ tool: "git", place }, machine.needs), false);
  assert.deepEqual(machine.accounts(), ["git:https://h.example"]);
});

Deno.test("an entry that cannot be decoded is replaced, and a store that fails is an error", async () => {
  const machine = new ToolMachine("");
  await machine.memory.set("git:https://h.example", new Secret("{"));
  await keepEntry(given("https://h.example", "new"), machine.needs);
  assert.deepEqual(await found(machine, "https://h.example"), ["new"]);
  const code: ErrorCode = "store_locked";
  machine.memory.failure = code;
  await assert.rejects(found(machine, "https://h.example"), { code });
  await assert.rejects(keepEntry(given("https://h.example", "x"), machine.needs), { code });
});

Deno.test("the account of a profile is not an entry", () => {
  for (const account of ["oidc:work", "github:git:https", "databricks:a.b", "oidc:https"]) {
    assert.equal(isToolAccount(account), false, account);
  }
  assert.equal(isToolAccount("docker:https://h.example:1/v1/ ada"), true);
});
