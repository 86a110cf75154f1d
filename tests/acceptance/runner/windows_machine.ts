import { startWindows, windowsPath } from "../../rigs/wine.ts";
import { bundleArguments, fobCommand } from "./fob_command.ts";
import { everywhere, type Machine, spawnHere } from "./machine.ts";
import { WindowsPlaces } from "./windows_places.ts";

/** A new Windows under Wine. */
export async function wineMachine(work: string): Promise<Machine> {
  const windows = await startWindows();
  const there = (path: string): string =>
    path.startsWith(`${windows.drive}/`)
      ? `C:${path.slice(windows.drive.length).replaceAll("/", "\\")}`
      : windowsPath(path);
  const places = new WindowsPlaces(work, windows.home, there);
  const { stdout } = await windows.deno(["eval", "console.log(Deno.execPath())"]).output();
  const deno = new TextDecoder().decode(stdout).trim();
  return {
    ...machineOf(places),
    command: [deno, ...await bundleArguments(windowsPath)],
    env: new Map(Object.entries({ ...everywhere, BROWSER: browser(deno, windowsPath) })),
    spawn: ([, ...args], options) => windows.deno(args, options).spawn(),
    [Symbol.asyncDispose]: () => windows[Symbol.asyncDispose](),
  };
}

/** This machine, which runs Windows, with a temporary user folder. */
export async function windowsMachine(work: string): Promise<Machine> {
  const home = `${work}/person`;
  await Deno.mkdir(home);
  const there = (path: string): string => path.replaceAll("/", "\\");
  const taken = ["PATH", "PATHEXT", "SystemRoot", "ComSpec", "TEMP", "TMP", "USERNAME"];
  const env = new Map(Object.entries({
    ...everywhere,
    USERPROFILE: there(home),
    APPDATA: there(`${home}/AppData/Roaming`),
    LOCALAPPDATA: there(`${home}/AppData/Local`),
    BROWSER: browser(Deno.execPath(), there),
  }));
  for (const name of taken) env.set(name, Deno.env.get(name) ?? "");
  return {
    ...machineOf(new WindowsPlaces(work, home, there)),
    command: await fobCommand(),
    env,
    spawn: spawnHere,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function machineOf(
  places: WindowsPlaces,
): Pick<Machine, "system" | "hasStrace" | "path" | "spell" | "read"> {
  return {
    system: "windows",
    hasStrace: false,
    path: (name) => places.find(name),
    spell: (text) => places.spell(text),
    read: (text) => places.read(text),
  };
}

function browser(deno: string, there: (path: string) => string): string {
  const script = there(`${import.meta.dirname}/browser.ts`);
  return `"${deno}" run -q -A --no-config --no-lock "${script}"`;
}
