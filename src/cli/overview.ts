import type { Command } from "@commander-js/extra-typings";
import { plaintextFile } from "./reasons.ts";
import { formatTable } from "./table.ts";
import type { World } from "./world.ts";

/** What `fob` alone says: what it is for, what there is, and what to do first or next. */
export async function overview(program: Command, world: World): Promise<string> {
  const more = "fob COMMAND --help tells more, and fob --help the rest.";
  return `${program.description()}\n\n${commandList(program)}\n${await nextStep(world)}\n${more}\n`;
}

/** What `fob --help` says: every command, and what holds for all of them. */
export function rootHelp(program: Command): string {
  return `${program.description()}

Usage: fob COMMAND

${commandList(program)}
After any command:
${
    indented([
      ["-p, --profile NAME", "the profile, or the host that it is for"],
      ["-o, --output FORM", "text or json; with json, errors and notices are JSON on stderr"],
      ["-v, --verbose", "say on stderr what is decided, and why"],
      ["--no-input", "never ask anything"],
      ["-h, --help", "tell about a command"],
      ["--version", "print the version"],
    ])
  }
Environment:
${
    indented([
      ["API_TOKEN, API_HOST", "a token to use instead of what is kept, and its host"],
      ["GH_TOKEN, ...", "the same for one platform, by its own tools' variable"],
      ["FOB_PROFILE", "the profile where none is named"],
      ["FOB_CONFIG_FILE", `the file with the profiles; ${profileFile()} if not set`],
      ["FOB_AUTH_STORAGE", `secure (the keychain) or plaintext (${plaintextFile()})`],
      ["FOB_NO_PLAINTEXT", "1: never keep a credential in plain text"],
      ["BROWSER", "the command that opens an address; none opens nothing"],
      ["CI", "if set, nothing is ever asked"],
    ])
  }
Exit codes:
${
    indented([
      ["0", "done"],
      ["1", "failed"],
      ["2", "not understood"],
      ["3", "not signed in"],
      ["4", "signed in, but must sign in again"],
      ["5", "the keychain is locked, denied, slow or missing"],
      ["6", "the provider cannot be reached"],
      ["126, 127", "fob exec: the command cannot be run, or is not there"],
      ["130", "interrupted"],
    ])
  }`;
}

function profileFile(): string {
  return Deno.build.os === "windows" ? "%AppData%\\fob\\config.ini" : "~/.config/fob/config.ini";
}

function indented(rows: readonly (readonly [string, string])[]): string {
  return formatTable(rows.map(([name, what]) => [`  ${name}`, what]));
}

function commandList(program: Command): string {
  return indented(leaves(program));
}

function leaves(command: Command, path = ""): [string, string][] {
  return command.commands.flatMap((child) => {
    const name = `${path} ${child.name()}`.trim();
    return child.commands.length > 0
      ? leaves(child as unknown as Command, name)
      : [[name, child.description()]];
  });
}

async function nextStep(world: World): Promise<string> {
  const profiles = await world.profiles();
  const names = profiles.names();
  if (names.length === 0) {
    return "Start with: fob auth login https://api.example.com --client-id ID";
  }
  const chosen = profiles.byDefault();
  return `Profiles: ${
    names.map((name) => name === chosen ? `${name} (default)` : name).join(", ")
  }`;
}
