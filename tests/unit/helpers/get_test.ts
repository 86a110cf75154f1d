import assert from "node:assert/strict";
import {
  keepForTool,
  rejectForTool,
  type StoredCredential,
} from "../../../src/helpers/store_and_erase.ts";
import { kubectl } from "../../../src/protocols/kubectl.ts";
import { Secret } from "../../../src/secret.ts";
import type { FakeWorkingDirectory } from "../../fakes/machine/working_directory.ts";
import { at, ToolMachine } from "../../fakes/machine/tool_machine.ts";
import { minute } from "../../fakes/stores/credentials.ts";

const profiles =
  "[work]\nhost = https://git.example.com/api\n[other]\nhost = https://other.example\n";
const git = at("https://git.example.com");

async function signedIn(variables: Record<string, string> = {}): Promise<ToolMachine> {
  const machine = new ToolMachine(profiles, variables);
  await machine.signIn("work");
  return machine;
}

function stored(secret: string, more: Partial<StoredCredential> = {}): StoredCredential {
  return { tool: "git", place: git, secret: new Secret(secret), namesUsers: true, ...more };
}

async function secretAt(machine: ToolMachine, ...ask: Parameters<ToolMachine["ask"]>): Promise<
  string | undefined
> {
  return (await machine.ask(...ask))?.secret.reveal();
}

Deno.test("only the profile with the exact origin answers, for every path", async () => {
  const machine = await signedIn();
  const answer = await machine.ask(at("https://git.example.com/team/code.git"));
  assert.equal(answer?.secret.reveal(), "at-1");
  assert.equal(answer.host, "https://git.example.com");
  assert.equal(answer.tokenType, "Bearer");
  const elsewhere = ["https://git.example.com:8443", "http://git.example.com"]
    .concat(
      "https://example.com",
      "https://x.git.example.com",
      "https://git.example.com.evil.test",
    );
  for (const address of elsewhere) assert.equal(await machine.ask(at(address)), undefined, address);
});

Deno.test("a request without a host gets only the token of the named profile", async () => {
  const machine = await signedIn({ FOB_PROFILE: "work", API_TOKEN: "of-the-environment" });
  assert.equal(await secretAt(machine, undefined, { named: "work" }), "at-1");
  await assert.rejects(machine.ask(undefined), { code: "usage" });
});

Deno.test("a named profile answers only for its own host", async () => {
  const machine = await signedIn();
  assert.equal(await secretAt(machine, git, { named: "work" }), "at-1");
  assert.equal(await machine.ask(git, { named: "other" }), undefined);
  await assert.rejects(machine.ask(git, { named: "missing" }), { code: "unknown_profile" });
});

Deno.test("a rule chooses among the profiles for a host, before the default", async () => {
  const both = "[a]\nhost = https://h.example\n[b]\nhost = https://h.example\n[c]\n";
  const text = `[__settings__]\ndefault_profile = a\n${both}` +
    '[rule "1"]\nhost = *.example\nhost = h.example\nprofile = c\n' +
    '[rule "2"]\nhost = h.example\ndirectory = /src\nprofile = b\n';
  const asked = async (place: FakeWorkingDirectory, variables = {}): Promise<readonly string[]> => {
    const machine = new ToolMachine(text, variables, place);
    await Promise.all(["a", "b", "c"].map((name) => machine.signIn(name)));
    await machine.ask(at("https://h.example"));
    return machine.asked;
  };
  assert.deepEqual(await asked({ directory: "/src/tool" }), ["b"]);
  assert.deepEqual(await asked({ directory: "/" }), ["a"]);
  assert.deepEqual(await asked({ directory: "/src" }, { FOB_PROFILE: "a" }), ["a"]);
});

Deno.test("the default chooses among the profiles for a host; without it, the error names them", async () => {
  const both = "[a]\nhost = https://h.example\n[b]\nhost = https://h.example\n";
  const cases: [string, Record<string, string>][] = [
    [`[__settings__]\ndefault_profile = b\n${both}`, {}],
    [both, { FOB_PROFILE: "b" }],
  ];
  for (const [text, variables] of cases) {
    const machine = new ToolMachine(text, variables);
    await machine.signIn("b");
    await machine.ask(at("https://h.example"));
    assert.deepEqual(machine.asked, ["b"]);
  }
  const undecided = new ToolMachine(both).ask(at("https://h.example"));
  await assert.rejects(undecided, { code: "usage", message: /: a, b$/ });
});

Deno.test("a platform's tokens are only for the hosts of that platform", async () => {
  const machine = new ToolMachine("[gh]\nprovider = github\n");
  await machine.signIn("gh");
  for (const host of ["https://github.com", "https://api.github.com", "https://ghcr.io"]) {
    assert.equal((await machine.ask(at(host)))?.host, host);
  }
  const enterprise = new ToolMachine("[gh]\nprovider = github\nhost = https://ghe.example\n");
  await enterprise.signIn("gh");
  assert.equal(await enterprise.ask(at("https://github.com")), undefined);
});

Deno.test("a token of the environment is returned only for its host", async () => {
  const machine = await signedIn({ API_TOKEN: "t", API_HOST: "env.example", GH_TOKEN: "gh" });
  assert.equal(await secretAt(machine, at("https://env.example")), "t");
  assert.equal(await secretAt(machine, at("https://github.com")), "gh");
  assert.equal(await secretAt(machine, git), "at-1");
  const nowhere = await signedIn({ API_TOKEN: "t" });
  assert.equal(await nowhere.ask(at("https://env.example")), undefined);
});

Deno.test("a token of fob that git stores back is not stored, also after a refresh", async () => {
  const machine = await signedIn({ GH_TOKEN: "gh" });
  await keepForTool(stored("at-1", { username: "ada" }), machine.needs);
  await keepForTool(stored("at-0", { username: "oauth2", ownUsername: "oauth2" }), machine.needs);
  await keepForTool(stored("gh", { place: at("https://github.com") }), machine.needs);
  assert.deepEqual(machine.accounts(), ["oidc:work"]);
});

Deno.test("a typed password is stored once, and preferred to the profile", async () => {
  const machine = await signedIn();
  await keepForTool(stored("typed", { username: "ada", ownUsername: "oauth2" }), machine.needs);
  await keepForTool(stored("typed", { username: "ada", ownUsername: "oauth2" }), machine.needs);
  assert.deepEqual(machine.accounts(), ["git:https://git.example.com ada", "oidc:work"]);
  assert.equal(machine.memory.writes, 2);
  const answer = await machine.ask(git);
  assert.deepEqual([answer?.secret.reveal(), answer?.username], ["typed", "ada"]);
  assert.equal(answer?.tokenType, undefined);
  assert.equal(await secretAt(machine, git, { username: "bob" }), "at-1");
  assert.equal(await secretAt(machine, git, { named: "work" }), "at-1");
});

Deno.test("a refused token is refreshed once, at the next call, and the login stays", async () => {
  const machine = await signedIn();
  const refusal = { tool: "git", place: git, secret: new Secret("at-1") };
  await rejectForTool(refusal, machine.needs);
  assert.deepEqual(machine.asked, []);
  assert.equal(await secretAt(machine, git), "at-2");
  assert.equal(await secretAt(machine, git), "at-2");
  assert.deepEqual(machine.asked, ["work", "work!", "work"]);
  await rejectForTool(refusal, machine.needs);
  assert.equal(await secretAt(machine, git), "at-2", "at-1 is no longer the current token");
});

Deno.test("a refusal for another host or secret changes nothing", async () => {
  const machine = await signedIn();
  const place = at("https://other.example");
  await rejectForTool({ tool: "git", place, secret: new Secret("at-1") }, machine.needs);
  await rejectForTool({ tool: "git", place: git, secret: new Secret("x") }, machine.needs);
  assert.equal(await secretAt(machine, git), "at-1");
  assert.equal(machine.noted.texts.size, 0);
});

Deno.test("a stored credential is deleted when exactly that secret is refused", async () => {
  const machine = await signedIn();
  await keepForTool(stored("typed", { username: "ada" }), machine.needs);
  await rejectForTool({ tool: "git", place: git, secret: new Secret("x") }, machine.needs);
  assert.equal(await secretAt(machine, git), "typed");
  await rejectForTool({ tool: "git", place: git, secret: new Secret("typed") }, machine.needs);
  assert.deepEqual(machine.accounts(), ["oidc:work"]);
  assert.equal(machine.noted.texts.size, 0);
});

Deno.test("no note contains a token", async () => {
  const machine = await signedIn();
  const isRetry = kubectl.isRetry ?? ((): boolean => false);
  await machine.ask(git, { isRetry });
  await rejectForTool({ tool: "git", place: git }, machine.needs);
  assert.equal(machine.noted.texts.size, 2);
  for (const text of machine.noted.texts.values()) assert.doesNotMatch(text, /at-1/);
});

Deno.test("the same process gets a new token within a minute, another process the same token", async () => {
  const isRetry = kubectl.isRetry ?? ((): boolean => false);
  const machine = await signedIn();
  const ask = (callerPid: number): Promise<string | undefined> => {
    machine.callerPid = callerPid;
    return secretAt(machine, git, { isRetry });
  };
  assert.equal(await ask(1), "at-1");
  assert.equal(await ask(2), "at-1");
  assert.equal(await ask(1), "at-2");
  assert.equal(await ask(2), "at-2", "process 2 got another token before");
  machine.clock.advance(minute);
  assert.equal(await ask(1), "at-2", "a minute has passed");
});

Deno.test("a token is returned even if it cannot be noted", async () => {
  const isRetry = kubectl.isRetry ?? ((): boolean => false);
  const machine = await signedIn();
  machine.noted.failure = new Deno.errors.PermissionDenied();
  assert.equal(await secretAt(machine, git, { isRetry }), "at-1");
});
