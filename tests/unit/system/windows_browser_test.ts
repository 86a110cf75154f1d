import assert from "node:assert/strict";
import fc from "fast-check";
import { systemEnvironment } from "../../../src/system/environment.ts";
import { windowsCommands, windowsOpeners } from "../../../src/system/windows_browser.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";

const nothing = environmentOf({});

/** A URL with all characters that are special to a shell, in the parts that a server can choose. */
const nasty = new URL(
  'https://h.example/a"&calc&"/$(calc)`calc`;calc?x=1&y=^&z=%PATH%!PATH!$env:PATH|calc>f\'"#"&calc',
).href;

Deno.test("a serialized URL contains no quotation mark and no line break", () => {
  fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (path, query, fragment) => {
    const url = new URL("https://h.example/");
    [url.pathname, url.search, url.hash] = [path, query, fragment];
    assert.match(url.href, /^[^"\r\n\0]*$/);
  }));
});

Deno.test("the command for Windows' shells is the same for every URL, which is in a variable", () => {
  const plain = windowsOpeners("https://h.example/", nothing);
  const openers = windowsOpeners(nasty, nothing);
  for (const [index, { argv, variables }] of openers.slice(0, 2).entries()) {
    assert.deepEqual(argv, plain[index]?.argv);
    assert.deepEqual(variables, { FOB_ADDRESS: nasty });
  }
  assert.deepEqual(openers.map(({ argv: [program] }) => program), [
    "C:\\Windows\\System32\\cmd.exe",
    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
    "C:\\Windows\\System32\\rundll32.exe",
  ]);
  const [cmd, powershell, rundll32] = openers;
  assert.equal(cmd?.argv.slice(1).join(" "), '/d /v:off /s /c "start "" "%FOB_ADDRESS%""');
  assert.equal(cmd?.isCommandLine, true);
  const command = Uint8Array.fromBase64(powershell?.argv.at(-1) ?? "");
  const text = new TextDecoder("utf-16le").decode(command);
  assert.equal(text, "Start-Process -FilePath $env:FOB_ADDRESS");
  assert.deepEqual(rundll32?.argv.slice(1), ["url.dll,FileProtocolHandler", nasty]);
});

Deno.test("a quotation mark in the URL is encoded", () => {
  const [cmd] = windowsOpeners('x:"&calc&"', nothing);
  assert.deepEqual(cmd?.variables, { FOB_ADDRESS: "x:%22&calc&%22" });
});

Deno.test("the programs are those in SystemRoot", () => {
  for (const { argv: [program] } of windowsOpeners("", environmentOf({ SystemRoot: "D:\\W" }))) {
    assert.match(program ?? "", /^D:\\W\\System32\\/);
  }
});

Deno.test("BROWSER on Windows is separated by semicolons, and its paths may contain colons and blanks", () => {
  const url = "https://h.example/?a=%20s&b=$&";
  const firefox = "C:\\Program Files\\Mozilla Firefox\\firefox.exe";
  const commands: Record<string, string[][]> = {
    [firefox]: [[firefox, url]],
    [`${firefox} -new-window %s -private`]: [[firefox, "-new-window", url, "-private"]],
    [`"${firefox}" -P "my profile"`]: [[firefox, "-P", "my profile", url]],
    'w --dir="C:\\my tools" "%s"': [["w", "--dir=C:\\my tools", url]],
    '"C:\\my tools\\open" --url=%s': [["C:\\my tools\\open", `--url=${url}`]],
    "firefox;C:/w3m.EXE -T": [["firefox", url], ["C:/w3m.EXE", "-T", url]],
    "  firefox -x ": [["firefox", "-x", url]],
    "none": [],
    " ; none ;": [],
  };
  for (const [value, expected] of Object.entries(commands)) {
    const found = windowsCommands(value, url, nothing).map(({ argv }) => argv);
    assert.deepEqual(found, expected, value);
  }
});

Deno.test("a URL that may name a variable is not passed to a command of BROWSER", () => {
  const environment = environmentOf({ DB_PASSWORD: "hunter2" });
  const isGiven = (query: string): boolean =>
    windowsCommands("w", `https://h.example/?${query}`, environment).length > 0;
  for (const part of ["%DB_PASSWORD%3A", "%3A%DB_PASSWORD:~0,3%3A", "%CD%3A", "%date:~1%3A"]) {
    assert.ok(!isGiven(part), part);
  }
  for (const part of ["%CMDCMDLINE:~-1%&calc", "%PATH%", "100%", "%USERNAME%3A"]) {
    assert.ok(!isGiven(part), part);
  }
  assert.ok(isGiven("a=%3A%2F&b=%DB_PASSWORD&c=%DB_OTHER%3A"));
  // No system allows such a name for a variable, and reading it is an error.
  assert.ok(windowsCommands("w", "https://h.example/?a=%3A&b=%3A", systemEnvironment()).length > 0);
});
