import type { Command } from "@commander-js/extra-typings";
import { childVariables, type Handout, readAssignment } from "../credentials/child_variables.ts";
import { FobError } from "../errors.ts";
import { findToken, readWish } from "./auth_token.ts";
import { addCommand, type CommonOptions, examples, nameFrom, oneMore } from "./options.ts";
import type { World } from "./world.ts";

interface ExecOptions extends CommonOptions {
  readonly minTtl?: string;
  readonly env?: readonly string[];
  readonly file?: readonly string[];
}

/** `words`: what stands after `--`; `end`: told the exit code of the command. */
export function addExec(
  program: Command,
  words: readonly string[] | undefined,
  end: (code: number) => void,
  world: World,
): void {
  addCommand(program, "exec", "Run a command with a fresh token in its environment")
    .usage("[profile|host] [options] -- COMMAND [ARG…]")
    .argument("[profile|host]", "whose token")
    .option("--env <name=field>", "set just this: to token, authorization or host", oneMore)
    .option("--file <name=field>", "set just this: to the path of a file with the field", oneMore)
    .option("--min-ttl <duration>", "how long the token must still live")
    .addHelpText(
      "after",
      examples(
        "fob exec -- npm publish",
        "fob exec work --env NPM_TOKEN=token -- npm publish",
        "fob exec ci --file AUTH_FILE=token -- ./deploy.sh",
      ),
    )
    .action(async (argument, options) => {
      end(await runExec(nameFrom(argument, options), options, words, world));
    });
}

async function runExec(
  named: string | undefined,
  options: ExecOptions,
  words: readonly string[] | undefined,
  world: World,
): Promise<number> {
  const [command, ...args] = words ?? [];
  if (command === undefined) {
    throw new FobError("usage", "There is no command to run", {
      facts: { example: "fob exec -- COMMAND" },
    });
  }
  const handout = await findToken(named, readWish(options), world);
  const platform = world.platforms.find(({ id }) => id === handout.provider);
  const usual = childVariables(handout, platform);
  const asked = (options.env ?? []).map((text) => readAssignment(text, handout, "--env"));
  await using files = await writeFiles(options.file ?? [], handout, world);
  // Who says what shall be set wants the token nowhere else.
  const isAsked = (options.env ?? options.file) !== undefined;
  return await world.runProgram({
    command,
    args,
    set: isAsked ? { ...Object.fromEntries(asked), ...files.paths } : usual.set,
    unset: usual.unset,
    hasTerminal: world.terminal.inputIsTerminal,
  });
}

/** Files that hold what was asked for, until they are disposed of. */
interface Files extends AsyncDisposable {
  /** By variable. */
  readonly paths: Readonly<Record<string, string>>;
}

async function writeFiles(
  asked: readonly string[],
  handout: Handout,
  world: World,
): Promise<Files> {
  const values = asked.map((text) => readAssignment(text, handout, "--file"));
  if (values.length === 0) return { paths: {}, [Symbol.asyncDispose]: async () => {} };
  const folder = await world.passingFolder();
  const paths = await Promise.all(values.map(async ([name, value]) => {
    return [name, await folder.write(name, value)] as const;
  }));
  return {
    paths: Object.fromEntries(paths),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
