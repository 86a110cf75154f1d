import type { Agent, AgentFile, AgentStart } from "../../agents/agent.ts";
import { findAgent } from "../../agents/agents.ts";
import type { ChildVariables, ServedAddresses } from "../../api/child_environment.ts";
import { type ModelAddress, modelAddress, type ModelOptions } from "../../api/model_address.ts";
import { FobError } from "../../errors.ts";
import type { Choice } from "../../profiles/choose.ts";
import type { TokenFacts } from "../../tokens/token_source.ts";
import type { CommandContext } from "../context.ts";
import { requireApi } from "./api.ts";

/** How a command is started. */
export interface Started extends ChildVariables {
  readonly args: readonly string[];
}

/** How an agent would be started if it were any other command. */
export interface Starting {
  readonly args: readonly string[];
  /** Whose tokens a command prints. */
  readonly choice: Choice | undefined;
  readonly usual: ChildVariables;
  /** Where it gets tokens, if not from fob itself. */
  readonly served: ServedAddresses | undefined;
}

const isWindows = Deno.build.os === "windows";

/**
 * The run of the agent that `command` starts, where it is known where its model is: on a platform that has
 * models for it, or where a person says. Any other command is none.
 *
 * @throws {FobError} `usage` for options that do not go with the command, or lead to another host.
 */
export async function findAgentRun(
  command: string,
  { host, provider }: TokenFacts,
  wish: ModelOptions,
  context: CommandContext,
): Promise<AgentRun | undefined> {
  const agent = findAgent(command, isWindows);
  const place = provider === undefined ? undefined : agent?.places[provider];
  if (agent === undefined || (place === undefined && wish.baseUrl === undefined)) {
    return assertNotAsked(agent, wish);
  }
  const platform = context.providers.platforms.find(({ id }) => id === provider);
  const api = await requireApi(host ?? platform?.host, provider, context);
  const model = modelAddress(place, wish, api);
  const isAsked = wish.model !== undefined;
  return model && new AgentRun(agent, api, model, { context, isAsked });
}

function assertNotAsked(agent: Agent | undefined, { baseUrl, model }: ModelOptions): undefined {
  if ((baseUrl ?? model) === undefined) return undefined;
  if (agent === undefined) {
    throw new FobError("usage", "--model and --base-url are for a coding agent, which this is not");
  }
  throw new FobError("usage", `Where this host has models for ${agent.title} is not known`, {
    facts: { option: "--base-url PATH" },
  });
}

/** A coding agent that is to be run with a model of a host that a token is for. */
export class AgentRun {
  readonly #agent: Agent;
  readonly #api: URL;
  readonly #model: ModelAddress;
  readonly #needs: { readonly context: CommandContext; readonly isAsked: boolean };

  /** `isAsked`: whether a person has said which model. */
  constructor(
    agent: Agent,
    api: URL,
    model: ModelAddress,
    needs: { readonly context: CommandContext; readonly isAsked: boolean },
  ) {
    this.#agent = agent;
    this.#api = api;
    this.#model = model;
    this.#needs = needs;
  }

  /** Whether it can ask fob itself for tokens. */
  get runsCommand(): boolean {
    return this.#agent.runsCommand;
  }

  /** How to start it. No token is in that; the files that it is given are gone when `opened` is disposed of. */
  async prepare(starting: Starting, opened: AsyncDisposableStack): Promise<Started> {
    const { args, choice, served, usual } = starting;
    const { environment, foreignFile } = this.#needs.context.system;
    const key = served === undefined
      ? { command: await this.#tokenCommand(choice) }
      : { variable: "FOB_SERVE_KEY", value: served.key.reveal() };
    const baseUrl = served === undefined ? this.#model.baseUrl : this.#servedUrl(served);
    const call = { args, environment, isWindows };
    const path = this.#agent.callersFile?.(call);
    const text = path === undefined ? {} : { text: await (await foreignFile(path)).read() };
    const start = this.#agent.start({ ...this.#model, baseUrl, key }, { ...call, ...text });
    const told = await this.#tell(start.file, opened);
    const own = served === undefined ? withoutToken(usual, choice) : usual;
    return {
      args: [...told.args, ...start.args],
      set: { ...own.set, ...this.#defaultsOf(start), ...start.set, ...told.set },
      unset: [...own.unset, ...this.#agent.outranking],
    };
  }

  /** The profile is named: where the command runs, another one may be meant. */
  async #tokenCommand(choice: Choice | undefined): Promise<readonly [string, ...string[]]> {
    const fob = await (await this.#needs.context.tools.otherTools()).ownPath();
    const name = choice?.kind === "profile" ? [choice.profile.name] : [];
    return [fob, "auth", "token", ...name, "-o", "text"];
  }

  #servedUrl({ url }: ServedAddresses): string {
    const { origin, pathname } = this.#api;
    const below = this.#model.baseUrl.slice(`${origin}${pathname.replace(/\/$/, "")}`.length);
    return `${url.reveal()}${below}`;
  }

  /** What the environment says counts before a platform's usual model, and not before what a person says. */
  #defaultsOf({ defaults = {} }: AgentStart): Record<string, string> {
    const { context: { system: { environment } }, isAsked } = this.#needs;
    return Object.fromEntries(
      Object.entries(defaults).filter(([name]) => isAsked || environment.get(name) === undefined),
    );
  }

  /** Writes a file of fob's own, and resolves to how the agent is told of it. */
  async #tell(
    file: AgentFile | undefined,
    opened: AsyncDisposableStack,
  ): Promise<{ args: readonly string[]; set: Readonly<Record<string, string>> }> {
    if (file === undefined) return { args: [], set: {} };
    const { name, text, isKept, told } = file;
    const { context } = this.#needs;
    const path = isKept
      ? await this.#keep(name, text)
      : await opened.use(await context.system.temporaryDirectory()).write(name, text);
    if ("option" in told) return { args: [told.option, path], set: {} };
    return { args: [], set: { [told.folderVariable]: path.slice(0, -name.length - 1) } };
  }

  /** The agent may have changed it since. */
  async #keep(name: string, text: string): Promise<string> {
    const { context } = this.#needs;
    const path = `${context.system.directories().state}/agents/${this.#agent.program}/${name}`;
    const tools = await context.tools.otherTools();
    if (await tools.textFile(path).readIfThere() === undefined) {
      await tools.writeOwn(path, text, false);
    }
    return path;
  }
}

/**
 * The variables of an agent that asks for its tokens: none has one, and what would answer in place of its
 * profile is gone. Where the environment is what answers, it stays.
 */
function withoutToken({ set, unset }: ChildVariables, choice: Choice | undefined): ChildVariables {
  if (choice?.kind !== "profile") return { set: {}, unset: [] };
  return { set: {}, unset: [...Object.keys(set), ...unset] };
}
