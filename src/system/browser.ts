import type { Environment } from "./environment.ts";
import type { System } from "./files/paths.ts";
import type { Opener } from "./opener.ts";
import { windowsCommands, windowsOpeners } from "./windows_browser.ts";

/** Milliseconds in which a failing opener exits. */
const failureWindow = 1_500;

/**
 * Opens `url` in the user's browser.
 *
 * Returns `false` if no opener could be started or each failed within `failureWindow`. An opener that is still
 * running after that counts as successful.
 */
export async function openBrowser(url: URL, environment: Environment): Promise<boolean> {
  for (const command of openers(url.href, environment)) {
    if (await run(command)) return true;
  }
  return false;
}

/**
 * Whether a browser can be opened: there is a display, or `BROWSER` is set. On Windows there is one, except
 * over SSH.
 */
export function hasBrowser(environment: Environment): boolean {
  return environment.get("BROWSER") !== undefined || openers("", environment).length > 0;
}

/**
 * The commands to try for `url`, in order. `BROWSER` is a list of commands separated by colons. `%s` in a command
 * is replaced by the URL, which is else appended; `none` opens nothing. For Windows see {@link windowsCommands}.
 */
export function openers(
  url: string,
  environment: Environment,
  system: System = Deno.build.os,
): Opener[] {
  const named = environment.get("BROWSER");
  if (system === "windows") {
    if (named !== undefined) return windowsCommands(named, url, environment);
    return environment.get("SSH_CONNECTION") === undefined ? windowsOpeners(url, environment) : [];
  }
  const commands = named === undefined
    ? systemCommands(url, environment, system)
    : fromVariable(named, url);
  return commands.map((argv) => ({ argv }));
}

function systemCommands(url: string, environment: Environment, system: System): string[][] {
  if (system === "darwin") return [["open", url]];
  if (environment.get("WSL_DISTRO_NAME") !== undefined) {
    return [["wslview", url], ["xdg-open", url]];
  }
  const hasScreen = environment.get("DISPLAY") !== undefined ||
    environment.get("WAYLAND_DISPLAY") !== undefined;
  return hasScreen ? [["xdg-open", url]] : [];
}

function fromVariable(value: string, url: string): string[][] {
  const commands = value.split(/:(?!\\|\/\/)/).map((command) => command.trim());
  return commands.filter((command) => command !== "" && command !== "none").map((command) => {
    const words = command.split(/\s+/);
    if (!command.includes("%s")) return [...words, url];
    return words.map((word) => word.replaceAll("%s", () => url));
  });
}

async function run({ argv, variables = {}, isCommandLine = false }: Opener): Promise<boolean> {
  const [program, ...args] = argv;
  if (program === undefined) return false;
  try {
    const child = new Deno.Command(program, {
      args,
      env: variables,
      windowsRawArguments: isCommandLine,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    child.unref();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const window = new Promise<boolean>((resolve) =>
      timer = setTimeout(resolve, failureWindow, true)
    );
    const success = await Promise.race([child.status.then((status) => status.success), window]);
    clearTimeout(timer);
    return success;
  } catch {
    return false;
  }
}
