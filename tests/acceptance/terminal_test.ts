import { doesNotMatch, equal, match } from "node:assert/strict";
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from "../fakes/servers/authorization_server.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { openScreen, type Screen } from "./runner/screen.ts";

const isMissing = (await missingRigs()).includes("terminal");
const ignore = isMissing && Deno.env.get("FOB_RIGS") !== "required";

const configFile = ".config/fob/config.ini";
const credentialsFile = ".local/state/fob/credentials.json";
const twoProfiles = "[play]\nprovider = token\n[work]\nprovider = token\n";

async function withProfiles(screen: Screen): Promise<void> {
  await Deno.mkdir(`${screen.home}/.config/fob`, { recursive: true });
  await Deno.writeTextFile(`${screen.home}/${configFile}`, twoProfiles);
}

Deno.test({
  name: "the masked prompt of --with-token never shows the token",
  ignore,
  fn: async () => {
    await using screen = await openScreen();
    await screen.run(["auth", "login", "ci", "--with-token"]);
    await screen.waitFor(/Paste the token for "ci"/);
    await screen.type("dapi-0123456789");
    await screen.waitFor(/•{15}/);
    await screen.press("Enter");
    await screen.waitFor(/^Signed in to "ci"\.$/m);
    await screen.ends(0);
    doesNotMatch(await screen.output(), /dapi|0123456789/);
    match(await screen.file(credentialsFile), /dapi-0123456789/);
  },
});

Deno.test({
  name: "a pasted callback address signs in while the listener waits",
  ignore,
  fn: async () => {
    await using server = await closing();
    await using screen = await openScreen();
    await screen.run(["auth", "login", "work", "--host", server.api, "--client-id", "fob"], {
      BROWSER: "true",
    });
    const [, address = ""] = await screen.waitFor(/^ {2}(http:\S+\/authorize\?\S+)$/m);
    await screen.waitFor(/paste its address here/);
    await screen.type("https://example.com/");
    await screen.press("Enter");
    await screen.waitFor(
      /^Paste the address .*starts with "http:\/\/127\.0\.0\.1:\d+\/callback\?"$/m,
    );
    await screen.type(await callbackOf(address));
    await screen.press("Enter");
    await screen.waitFor(/^Signed in to "work" as ada@example\.com\.$/m);
    await screen.ends(0);
    equal(server.count("authorization_code"), 1);
  },
});

Deno.test({
  name: "a sign-in at a terminal completes in the browser without pasting",
  ignore,
  fn: async () => {
    await using server = await closing();
    await using screen = await openScreen();
    await screen.run(["auth", "login", "work", "--host", server.api, "--client-id", "fob"], {
      BROWSER: `${import.meta.dirname}/runner/browser`,
      FOB_TEST_DENO: Deno.execPath(),
    });
    await screen.waitFor(/^Signed in to "work" as ada@example\.com\.$/m);
    await screen.ends(0);
  },
});

Deno.test({
  name: "Ctrl-C at a prompt or while waiting for the browser exits with 130 and changes nothing",
  ignore,
  fn: async () => {
    await using server = await closing();
    await using screen = await openScreen();
    await withProfiles(screen);
    const login = ["auth", "login", "new", "--host", server.api, "--client-id", "fob"];
    const waits: [string[], RegExp][] = [
      [["auth", "login", "work", "--with-token"], /Paste the token for "work"/],
      [["auth", "switch"], /Which profile should be the default\?/],
      [["auth", "logout", "--all"], /Sign out of play, work\?/],
      [[...login, "--no-browser"], /paste its address/],
      [[...login, "--device"], /enter this code/],
    ];
    for (const [args, question] of waits) {
      await screen.run(args, { BROWSER: "true" });
      await screen.waitFor(question);
      await screen.press("C-c");
      await screen.ends(130);
      equal(await screen.file(configFile), twoProfiles);
      equal(await screen.file(credentialsFile), "");
    }
  },
});

Deno.test({
  name: "Ctrl-C goes to the command of fob exec, with --serve too",
  ignore,
  fn: async () => {
    await using screen = await openScreen();
    const variables = { API_TOKEN: "token", API_HOST: "https://api.example" };
    const wait = "echo ready; while :; do sleep 0.02; done";
    const commands: [string, number][] = [
      [`trap 'echo caught; exit 42' INT; ${wait}`, 42],
      [wait, 130],
    ];
    for (const [script, code] of commands) {
      await screen.run(["exec", "--serve", "--", "sh", "-c", script], variables);
      await screen.waitFor(/^ready$/m);
      await screen.press("C-c");
      await screen.ends(code);
    }
  },
});

Deno.test({
  name: "with --no-input or in CI, there are no prompts at a terminal",
  ignore,
  fn: async () => {
    await using screen = await openScreen();
    await withProfiles(screen);
    const asking = [["auth", "switch"], ["auth", "logout", "--all"], ["auth", "login", "new"]]
      .concat([["auth", "login", "work", "--with-token"]]);
    for (const args of asking) {
      await screen.run([...args, "--no-input"]);
      await screen.waitFor(/^fob: .*is required \(prompts are disabled\)/m);
      await screen.ends(2);
      await screen.run(args, { CI: "1" });
      await screen.waitFor(/^fob: .*is required \(prompts are disabled\)/m);
      await screen.ends(2);
    }
    equal(await screen.file(configFile), twoProfiles);
  },
});

Deno.test({
  name: "auth switch prompts for a profile and makes it the default",
  ignore,
  fn: async () => {
    await using screen = await openScreen();
    await withProfiles(screen);
    await screen.run(["auth", "switch"]);
    await screen.waitFor(/Which profile should be the default\?[^]*play[^]*work/);
    await screen.press("Down", "Enter");
    await screen.waitFor(/^"work" is now the default profile\.$/m);
    await screen.ends(0);
    match(await screen.file(configFile), /^default_profile = work$/m);
  },
});

Deno.test({
  name: "auth logout --all asks for confirmation: No changes nothing, Yes signs out",
  ignore,
  fn: async () => {
    await using screen = await openScreen();
    await withProfiles(screen);
    const credentials = JSON.stringify({ version: 1, credentials: { "token:work": token } });
    await Deno.mkdir(`${screen.home}/.local/state/fob`, { recursive: true, mode: 0o700 });
    const path = `${screen.home}/${credentialsFile}`;
    await Deno.writeTextFile(path, credentials, { mode: 0o600 });
    await screen.run(["auth", "logout", "--all"]);
    await screen.waitFor(/Sign out of play, work\?/);
    await screen.press("Enter");
    await screen.waitFor(/^fob: Cancelled\. Nothing was changed$/m);
    await screen.ends(1);
    equal(await screen.file(credentialsFile), credentials);
    await screen.run(["auth", "logout", "--all"]);
    await screen.waitFor(/Sign out of play, work\?/);
    await screen.type("y");
    await screen.waitFor(/^Signed out of "work"/m);
    await screen.ends(0);
    equal(await screen.file(credentialsFile), "");
  },
});

Deno.test({
  name: "auth login without arguments prompts for the host and signs in",
  ignore,
  fn: async () => {
    await using server = await closing();
    await using screen = await openScreen();
    await screen.run(["auth", "login"], {
      BROWSER: `${import.meta.dirname}/runner/browser`,
      FOB_TEST_DENO: Deno.execPath(),
    });
    await screen.waitFor(/Address of the API/);
    await screen.type(server.api);
    await screen.press("Enter");
    await screen.waitFor(/Client ID of your application/);
    await screen.type("fob");
    await screen.press("Enter");
    await screen.waitFor(/^Signed in to "127\.0\.0\.1-\d+" as ada@example\.com\.$/m);
    await screen.ends(0);
  },
});

Deno.test({
  name: "output has colors only if the terminal supports them and NO_COLOR is unset",
  ignore,
  fn: async () => {
    await using screen = await openScreen();
    const runs: [Record<string, string>, boolean][] = [
      [{ TERM: "tmux-256color", NO_COLOR: "" }, true],
      [{ TERM: "dumb", NO_COLOR: "" }, false],
      [{ TERM: "tmux-256color", NO_COLOR: "1" }, false],
    ];
    for (const [environment, isColored] of runs) {
      await screen.run(["doctor"], environment);
      await screen.ends(0);
      equal(/\p{Cc}\[32mok/u.test(await screen.output()), isColored, JSON.stringify(environment));
    }
  },
});

const token = JSON.stringify({
  v: 1,
  kind: "pat",
  token: "abc",
  obtained_at: "2026-01-01T00:00:00.000Z",
});

async function closing(): Promise<AuthorizationServer & AsyncDisposable> {
  const server = await startAuthorizationServer();
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}

/** The redirect of the server to the callback, which is not followed. */
async function callbackOf(address: string): Promise<string> {
  const response = await fetch(address, { redirect: "manual" });
  await response.body?.cancel();
  return response.headers.get("location") ?? "";
}
