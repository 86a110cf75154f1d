import assert from "node:assert/strict";
import { hasBrowser, openBrowser, openers } from "../../../src/system/browser.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";

const url = "https://login.example/authorize?a=%s&b=$&";

/** Only the arguments of the commands. */
function commandsOf(variables: Readonly<Record<string, string>>): readonly string[][] {
  return openers(url, environmentOf(variables), "linux").map((opener) => {
    assert.deepEqual(Object.keys(opener), ["argv"]);
    return [...opener.argv];
  });
}

function openersOf(browser: string): readonly string[][] {
  return commandsOf({ BROWSER: browser });
}

Deno.test("BROWSER is a list of commands, with the URL at %s or at the end", () => {
  const commands: Record<string, string[][]> = {
    "firefox": [["firefox", url]],
    "firefox:w3m": [["firefox", url], ["w3m", url]],
    "firefox --new-window %s --private": [["firefox", "--new-window", url, "--private"]],
    "chromium --app=%s:w3m -T": [["chromium", `--app=${url}`], ["w3m", "-T", url]],
    "C:\\Programs\\browser.exe": [["C:\\Programs\\browser.exe", url]],
    "  /usr/bin/browser  ": [["/usr/bin/browser", url]],
  };
  for (const [value, expected] of Object.entries(commands)) {
    assert.deepEqual(openersOf(value), expected, value);
  }
});

Deno.test("a BROWSER without a command opens nothing", () => {
  for (const value of ["none", " none ", ":", " ", "none:"]) {
    assert.deepEqual(openersOf(value), [], JSON.stringify(value));
  }
});

Deno.test("a browser is available with an opener, or if BROWSER is set", () => {
  for (const variables of [{ BROWSER: "firefox" }, { BROWSER: "none" }, { DISPLAY: ":0" }]) {
    assert.ok(hasBrowser(environmentOf(variables)));
  }
  assert.equal(hasBrowser(environmentOf({})), Deno.build.os !== "linux");
});

Deno.test("on Linux there is an opener with a display, or in WSL", () => {
  assert.deepEqual(commandsOf({}), []);
  for (const screen of ["DISPLAY", "WAYLAND_DISPLAY"]) {
    assert.deepEqual(commandsOf({ [screen]: "0" }), [["xdg-open", url]]);
  }
  const windows = commandsOf({ WSL_DISTRO_NAME: "Debian" });
  assert.deepEqual(windows, [["wslview", url], ["xdg-open", url]]);
});

Deno.test("on Windows there are openers, except over SSH", () => {
  const count = (variables: Readonly<Record<string, string>>): number =>
    openers("https://login.example/", environmentOf(variables), "windows").length;
  assert.equal(count({}), 3);
  assert.equal(count({ SSH_CONNECTION: "10.0.0.1 5000 10.0.0.2 22" }), 0);
  assert.equal(count({ SSH_CONNECTION: "10.0.0.1 5000 10.0.0.2 22", BROWSER: "firefox" }), 1);
});

Deno.test("if an opener fails or is missing, the next one is tried", async () => {
  const opens = (browser: string): Promise<boolean> =>
    openBrowser(new URL(url), environmentOf({ BROWSER: browser }));
  assert.equal(await opens("false:/nowhere/browser"), false);
  assert.equal(await opens("false:/nowhere/browser:true"), true);
});
