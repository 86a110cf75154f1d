import { type Command, Option } from "@commander-js/extra-typings";
import { formatVariables, type Shell, shells } from "../protocols/shell_variables.ts";
import { findToken } from "./auth_token.ts";
import { addCommand, type CommonOptions, examples, nameFrom } from "./options.ts";
import type { World } from "./world.ts";

interface EnvOptions extends CommonOptions {
  readonly shell?: Shell;
}

export function addEnv(auth: Command, world: World): void {
  addCommand(auth, "env", "Print API_TOKEN and API_HOST for a shell to read")
    .argument("[profile|host]", "whose token")
    .addOption(
      new Option("--shell <shell>", "for whom to write it; $SHELL says if not given").choices(
        shells,
      ),
    )
    .addHelpText(
      "after",
      examples(
        Deno.build.os === "windows"
          ? "fob auth env | Out-String | Invoke-Expression"
          : 'eval "$(fob auth env)"',
        "fob auth env work --shell fish | source",
        "fob auth env --shell dotenv > .env",
      ),
    )
    .action((argument, options) => runEnv(nameFrom(argument, options), options, world));
}

async function runEnv(
  named: string | undefined,
  { shell, output }: EnvOptions,
  world: World,
): Promise<void> {
  const { accessToken, host } = await findToken(named, {}, world);
  const variables = { API_TOKEN: accessToken, ...(host === undefined ? {} : { API_HOST: host }) };
  world.terminal.answer(
    output === "json"
      ? JSON.stringify(variables, undefined, 2) + "\n"
      : formatVariables(variables, shell ?? shellOf(world)),
  );
}

function shellOf({ environment }: World): Shell {
  const shell = environment.get("SHELL");
  if (shell === undefined) return Deno.build.os === "windows" ? "powershell" : "bash";
  if (/(pwsh|powershell)(\.exe)?$/.test(shell)) return "powershell";
  return shell.endsWith("/fish") ? "fish" : "bash";
}
