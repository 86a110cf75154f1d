import type { Command } from "@commander-js/extra-typings";
import {
  type ChildVariables,
  childVariables,
  readAssignment,
  servedVariables,
  type TokenForChild,
} from "../../api/child_environment.ts";
import type { Served } from "../../api/serve.ts";
import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import type { Choice } from "../../profiles/choose.ts";
import type { TokenSource } from "../../tokens/token_source.ts";
import { auditedFailure } from "../audited.ts";
import { readTokenRequest } from "../auth/token.ts";
import { chooseOrRead } from "../auth/token_argument.ts";
import type { CommandContext } from "../context.ts";
import {
  addCommand,
  type CommonOptions,
  examples,
  minTtlHelp,
  nameFrom,
  oneMore,
  section,
} from "../options.ts";
import type { AgentRun } from "./exec_agent.ts";
import { serveTokens } from "./serve_tokens.ts";
import { openSource } from "./token_source.ts";

interface ExecOptions extends CommonOptions {
  readonly minTtl?: string;
  readonly env?: readonly string[];
  readonly file?: readonly string[];
  readonly serve?: true;
  readonly readyFile?: string;
  readonly lease?: string;
  readonly chain?: true;
  readonly tokenFile?: string;
  readonly baseUrl?: string;
  readonly model?: string;
}

/** `words`: the words after `--`; `end`: called with the exit code of the command. */
export function addExec(
  program: Command,
  words: readonly string[] | undefined,
  end: (code: number) => void,
  context: CommandContext,
): void {
  addCommand(program, "exec", "Run a command with a fresh token in its environment")
    .usage("[profile|host] [options] -- COMMAND [ARG…]")
    .argument("[profile|host]", "profile or host of the token (default: the current login)")
    .option(
      "--env <name=field>",
      "set only this variable, to token, authorization, host, url or key (repeatable)",
      oneMore,
    )
    .option(
      "--file <name=field>",
      "set only this variable, to the path of a temporary file with the field (repeatable)",
      oneMore,
    )
    .option("--min-ttl <duration>", minTtlHelp)
    .option(
      "--lease <duration>",
      "create a token with this lifetime, and revoke it when the command ends",
    )
    .option(
      "--chain",
      "create leases from a token that is not stored: each leased token creates the next",
    )
    .option(
      "--serve",
      "serve the API on 127.0.0.1 while the command runs, and put no token in its environment",
    )
    .option(
      "--token-file <path>",
      "read the token from this file (- for standard input), and store nothing",
    )
    .option(
      "--ready-file <path>",
      "create this file when the command starts, and remove it when the command ends",
    )
    .option("--model <name>", "set the model of a coding agent")
    .option("--base-url <path>", "set the path of the models at the host, for a coding agent")
    .addHelpText("after", execExamples + servedHelp + leaseHelp)
    .action(async (argument, options) => {
      end(await runExec(nameFrom(argument, options), options, words, context));
    });
}

const execExamples = examples(
  "fob exec -- npm publish",
  "fob exec work --env NPM_TOKEN=token -- npm publish",
  "fob exec ci --file AUTH_FILE=token -- ./deploy.sh",
  "fob exec work --lease 1h -- ./train.py",
  "fob exec api.example.com --token-file /run/secrets/token -- ./server",
  "fob exec work --serve -- python report.py",
  "fob exec work -- claude",
  "fob exec work --serve --env OPENAI_BASE_URL=url/v1 --env OPENAI_API_KEY=key -- tool",
);

const servedHelp = section("Environment of the command", {
  FOB_SERVE_URL: "set by --serve: the URL to use instead of the API's",
  FOB_SERVE_KEY: "set by --serve: the key to send instead of a token",
});

const leaseHelp = section("Leases", {
  "--lease":
    "choose at least the time that the command runs: its variables cannot be changed later",
  "--chain":
    "nothing is stored: if the machine sleeps too long or the server is unreachable, you must " +
    "paste a token again",
});

async function runExec(
  named: string | undefined,
  options: ExecOptions,
  words: readonly string[] | undefined,
  context: CommandContext,
): Promise<number> {
  const [command, ...args] = words ?? [];
  if (command === undefined) {
    throw new FobError("usage", "A command is required after --", {
      facts: { example: "fob exec -- COMMAND" },
    });
  }
  const { readyFile } = options;
  const ready = readyFile === undefined ? undefined : await context.system.readyFile(readyFile);
  await using opened = new AsyncDisposableStack();
  const { source, stop, choice } = await openFor(named, options, opened, context);
  const agent = await agentFor(command, source, options, context);
  // Only this process has the leased tokens: a command could not get them from another fob.
  const isServed = options.serve ??
    (agent !== undefined && (!agent.runsCommand || choice === undefined));
  const served = isServed ? opened.use(await serveTokens(source, context)) : undefined;
  const childToken = await tokenForChild(source, served);
  const usual = variablesFor(childToken, source, options, context);
  const started = agent === undefined
    ? { args, ...usual }
    : await agent.prepare({ args, choice, usual, served }, opened);
  const files = opened.use(await writeFiles(options.file ?? [], childToken, context));
  opened.use(ready);
  await ready?.write();
  return await context.tools.runProgram({
    command,
    ...started,
    set: { ...started.set, ...files.paths },
    hasTerminal: context.io.terminal.inputIsTerminal,
    stop,
  });
}

/** The source of the tokens for a command. `choice` is set if another fob process would choose the same. */
interface Opened {
  readonly source: TokenSource;
  readonly choice?: Choice;
  /** Aborted by a signal that arrives before the command is started. */
  readonly stop: AbortSignal;
}

/**
 * Opens the source of the tokens for the command; `opened` disposes of it. Leased tokens must be revoked at
 * the end, so from the first token on, no signal ends this process before the command.
 */
async function openFor(
  named: string | undefined,
  options: ExecOptions,
  opened: AsyncDisposableStack,
  context: CommandContext,
): Promise<Opened> {
  if (!isLeased(options)) {
    return await context.system.stoppable(async () => {
      const choice = await auditedFailure(
        "exec",
        context,
        () => chooseOrRead(named, options, context),
      );
      const source = opened.use(await openSource(choice, readTokenRequest(options), context));
      const { signal: stop } = opened.use(context.system.holdInterrupts());
      // Another fob process would not find a token that is given for this run only.
      return options.tokenFile === undefined ? { source, stop, choice } : { source, stop };
    });
  }
  if (options.minTtl !== undefined) {
    throw new FobError("usage", "--min-ttl and --lease cannot be used together");
  }
  const { findLease } = await import("./lease_source.ts");
  const find = (): ReturnType<typeof findLease> => findLease(named, options, context);
  const open = await context.system.stoppable(() => auditedFailure("exec", context, find));
  const { signal: stop } = opened.use(context.system.holdInterrupts());
  return { source: opened.use(await open(stop)), stop };
}

function isLeased({ lease, chain }: ExecOptions): boolean {
  return lease !== undefined || chain === true;
}

/** The agent that `command` starts; `undefined` with `--env` or `--file`, which replace its setup. */
async function agentFor(
  command: string,
  { facts }: TokenSource,
  options: ExecOptions,
  context: CommandContext,
): Promise<AgentRun | undefined> {
  const { env, file, model, baseUrl } = options;
  if ((env ?? file) !== undefined) {
    if ((model ?? baseUrl) === undefined) return undefined;
    throw new FobError("usage", "--model and --base-url cannot be used with --env or --file");
  }
  const { findAgentRun } = await import("./exec_agent.ts");
  return await findAgentRun(command, facts, options, context);
}

async function tokenForChild(
  source: TokenSource,
  served: Served | undefined,
): Promise<TokenForChild> {
  const { token, tokenType } = await source.current();
  const { host } = source.facts;
  return {
    token,
    tokenType,
    ...present({ host, served }),
  };
}

function variablesFor(
  childToken: TokenForChild,
  { facts: { provider } }: TokenSource,
  options: ExecOptions,
  context: CommandContext,
): ChildVariables {
  const platform = context.providers.platforms.find(({ id }) => id === provider);
  const asked = (options.env ?? []).map((text) => readAssignment(text, childToken, "--env"));
  const { served } = childToken;
  if (served !== undefined) {
    const { set, unset } = servedVariables(
      { ...childToken, served },
      platform,
      context.system.environment,
    );
    return { set: { ...set, ...Object.fromEntries(asked) }, unset };
  }
  const { set, unset } = childVariables(childToken, platform);
  // With --env or --file, only those are set. With a lease, the token that it is created from is removed.
  const isAsked = (options.env ?? options.file) !== undefined;
  return {
    set: isAsked ? Object.fromEntries(asked) : set,
    unset: isLeased(options) ? [...unset, ...Object.keys(set)] : unset,
  };
}

/** The files of `--file`, until they are disposed of. */
interface Files extends AsyncDisposable {
  /** The path of each file, by the name of its variable. */
  readonly paths: Readonly<Record<string, string>>;
}

async function writeFiles(
  asked: readonly string[],
  childToken: TokenForChild,
  context: CommandContext,
): Promise<Files> {
  const values = asked.map((text) => readAssignment(text, childToken, "--file"));
  if (values.length === 0) return { paths: {}, [Symbol.asyncDispose]: async () => {} };
  const folder = await context.system.temporaryDirectory();
  const paths = await Promise.all(values.map(async ([name, value]) => {
    return [name, await folder.write(name, value)] as const;
  }));
  return {
    paths: Object.fromEntries(paths),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
