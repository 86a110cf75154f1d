import assert from "node:assert/strict";
import {
  type Channel,
  channelOf,
  findInstallation,
  type InstallationProbe,
} from "../../../src/system/installation.ts";

/** A machine with these files and variables. A link is a path that maps to another. */
function machine(
  system: InstallationProbe["system"],
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
  links: Readonly<Record<string, string>> = {},
): InstallationProbe {
  return {
    system,
    get: (name) => variables[name],
    isThere: (path) => Promise.resolve(path in files),
    read: (path) => Promise.resolve(files[path]),
    follow: (path) => Promise.resolve(links[path] ?? path),
  };
}

const home = { HOME: "/home/jo" };
const note = "/home/jo/.local/share/fob/install.sh";
const windowsNote = "C:\\Users\\jo\\AppData\\Local\\fob\\install.ps1";
const local = { LOCALAPPDATA: "C:\\Users\\jo\\AppData\\Local" };
const scoop = "C:\\Users\\jo\\scoop\\apps\\fob\\1.2.3";

const cases: Record<string, [string, InstallationProbe, Channel]> = {
  "Homebrew on a Mac": [
    "/opt/homebrew/Cellar/fob/1.2.3/bin/fob",
    machine("darwin", {}, home),
    "homebrew",
  ],
  "Homebrew on Linux": [
    "/home/linuxbrew/.linuxbrew/Cellar/fob/1.2.3_1/bin/fob",
    machine("linux", {}, home),
    "homebrew",
  ],
  "the Cellar of another program": [
    "/opt/homebrew/Cellar/bundle/1/bin/fob",
    machine("darwin", {}),
    "archive",
  ],
  "a Debian package": [
    "/usr/bin/fob",
    machine("linux", { "/usr/share/doc/fob/copyright": "" }, home),
    "deb",
  ],
  "a copy in Debian's directory": ["/usr/bin/fob", machine("linux", {}, home), "archive"],
  "a copy beside a Debian package": [
    "/opt/fob/fob",
    machine("linux", { "/usr/share/doc/fob/copyright": "" }, home),
    "archive",
  ],
  "install.sh": [
    "/home/jo/.local/bin/fob",
    machine("linux", { [note]: "/home/jo/.local/bin/fob\n" }, home),
    "install.sh",
  ],
  "install.sh, with a link as home directory": [
    "/data/jo/.local/bin/fob",
    machine("linux", { [note]: "/home/jo/.local/bin/fob\n" }, home, {
      "/home/jo/.local/bin/fob": "/data/jo/.local/bin/fob",
    }),
    "install.sh",
  ],
  "install.sh with XDG_DATA_HOME": [
    "/home/jo/bin/fob",
    machine("darwin", { "/data/fob/install.sh": "/home/jo/bin/fob\n" }, {
      ...home,
      XDG_DATA_HOME: "/data",
    }),
    "install.sh",
  ],
  "a copy beside what install.sh installed": [
    "/tmp/fob",
    machine("linux", { [note]: "/home/jo/.local/bin/fob\n" }, home),
    "archive",
  ],
  "no home directory": ["/tmp/fob", machine("linux", {}), "archive"],
  "Scoop": [
    `${scoop}\\fob.exe`,
    machine("windows", { [`${scoop}\\install.json`]: "{}" }, local),
    "scoop",
  ],
  "a directory like Scoop's": [`${scoop}\\fob.exe`, machine("windows", {}, local), "archive"],
  "WinGet": [
    `${local.LOCALAPPDATA}\\Microsoft\\WinGet\\Packages\\acme.fob_Microsoft.Winget.Source\\fob.exe`,
    machine("windows", {}, local),
    "winget",
  ],
  "install.ps1": [
    "C:\\Tools\\fob.exe",
    machine("windows", { [windowsNote]: "C:\\Tools\\fob.exe\n" }, local),
    "install.ps1",
  ],
  "a copy on Windows": ["C:\\Tools\\fob.exe", machine("windows", {}, local), "archive"],
};

for (const [name, [path, probe, channel]] of Object.entries(cases)) {
  Deno.test(`the installation channel is found: ${name}`, async () => {
    assert.equal(await channelOf(path, probe), channel);
  });
}

Deno.test("a program that Deno runs is installed from source", async () => {
  const environment = { get: (): undefined => undefined };
  assert.deepEqual(await findInstallation(environment), {
    by: "source",
    path: await Deno.realPath(Deno.execPath()),
  });
});
