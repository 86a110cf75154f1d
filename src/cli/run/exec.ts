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

/** `words`: what stands after `--`; `end`: told the exit code of the command. */
export function addExec(
  program: Command,
  words: readonly string[] | undefined,
  end: (code: number) => void,
  context: CommandContext,
): void {
  addCommand(program, "exec", "Run a command with a fresh token in its environment")
    .usage("[profile|host] [options] -- COMMAND [ARG…]")
    .argument("[profile|host]", "whose token")
    .option("--env <name=field>", "set just this: to token, authorization, host, url, key", oneMore)
    .option("--file <name=field>", "set just this: to the path of a file with the field", oneMore)
    .option("--min-ttl <duration>", minTtlHelp)
    .option(
      "--lease <duration>",
      "a token of its own that lives as long, and ends with the command",
    )
    .option("--chain", "the same from a token that is read and not kept: each makes the next")
    .option(
      "--serve",
      "hand out tokens on 127.0.0.1 while it runs, and put none in its environment",
    )
    .option(
      "--token-file <path>",
      "take the token in this file, - for standard input; keep nothing",
    )
    .option("--ready-file <path>", "write this file when it starts, and remove it when it ends")
    .option("--model <name>", "which model a coding agent is to use")
    .option("--base-url <path>", "where the host has models for a coding agent")
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
  FOB_SERVE_URL: "set by --serve: the address to use for the API's",
  FOB_SERVE_KEY: "set by --serve: what to send there in place of a token",
});

const leaseHelp = section("Leases", {
  "--lease": "as long as the work: the variables of a command that runs cannot be changed",
  "--chain":
    "nothing is kept: after the machine has slept too long, or the server was away, a token " +
    "has to be pasted again",
});

async function runExec(
  named: string | undefined,
  options: ExecOptions,
  words: readonly string[] | undefined,
  context: CommandContext,
): Promise<number> {
  const [command, ...args] = words ?? [];
  if (command === undefined) {
    throw new FobError("usage", "There is no command to run", {
      facts: { example: "fob exec -- COMMAND" },
    });
  }
  const { readyFile } = options;
  const ready = readyFile === undefined ? undefined : await context.system.readyFile(readyFile);
  await using opened = new AsyncDisposableStack();
  const { source, stop, choice } = await openFor(named, options, opened, context);
  const agent = await agentFor(command, source, options, context);
  // What a lease has made is known here alone.
  const isServed = options.serve ??
    (agent !== undefined && (!agent.runsCommand || choice === undefined));
  const served = isServed ? opened.use(await serveTokens(source, context)) : undefined;
  const handout = await handoutOf(source, served);
  const usual = variablesFor(handout, source, options, context);
  const started = agent === undefined
    ? { args, ...usual }
    : await agent.prepare({ args, choice, usual, served }, opened);
  const files = opened.use(await writeFiles(options.file ?? [], handout, context));
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

/** What tokens for a command come from: from a choice, where another fob would come to the same. */
interface Opened {
  readonly source: TokenSource;
  readonly choice?: Choice;
  /** Tells of a signal that comes before the command is there. */
  readonly stop: AbortSignal;
}

/**
 * The tokens for the command, which `opened` disposes of. What is made for the command ends with it, so
 * that from the first token on no signal ends this process before.
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
      // A token that is given for this run alone, no other fob would find.
      return options.tokenFile === undefined ? { source, stop, choice } : { source, stop };
    });
  }
  if (options.minTtl !== undefined) {
    throw new FobError("usage", "--min-ttl and --lease contradict each other");
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

/** The agent that `command` starts. Who says what shall be set sets it up by that. */
async function agentFor(
  command: string,
  { facts }: TokenSource,
  options: ExecOptions,
  context: CommandContext,
): Promise<AgentRun | undefined> {
  const { env, file, model, baseUrl } = options;
  if ((env ?? file) !== undefined) {
    if ((model ?? baseUrl) === undefined) return undefined;
    throw new FobError("usage", "Where --env or --file says what is set, no model is");
  }
  const { findAgentRun } = await import("./exec_agent.ts");
  return await findAgentRun(command, facts, options, context);
}

async function handoutOf(source: TokenSource, served: Served | undefined): Promise<TokenForChild> {
  const { token, tokenType } = await source.current();
  const { host } = source.facts;
  return {
    token,
    tokenType,
    ...present({ host, served }),
  };
}

function variablesFor(
  handout: TokenForChild,
  { facts: { provider } }: TokenSource,
  options: ExecOptions,
  context: CommandContext,
): ChildVariables {
  const platform = context.providers.platforms.find(({ id }) => id === provider);
  const asked = (options.env ?? []).map((text) => readAssignment(text, handout, "--env"));
  const { served } = handout;
  if (served !== undefined) {
    const { set, unset } = servedVariables(
      { ...handout, served },
      platform,
      context.system.environment,
    );
    return { set: { ...set, ...Object.fromEntries(asked) }, unset };
  }
  const { set, unset } = childVariables(handout, platform);
  // Who says what shall be set wants the token nowhere else, and what a lease is made from nowhere at all.
  const isAsked = (options.env ?? options.file) !== undefined;
  return {
    set: isAsked ? Object.fromEntries(asked) : set,
    unset: isLeased(options) ? [...unset, ...Object.keys(set)] : unset,
  };
}

/** Files that hold what was asked for, until they are disposed of. */
interface Files extends AsyncDisposable {
  /** By variable. */
  readonly paths: Readonly<Record<string, string>>;
}

async function writeFiles(
  asked: readonly string[],
  handout: TokenForChild,
  context: CommandContext,
): Promise<Files> {
  const values = asked.map((text) => readAssignment(text, handout, "--file"));
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
