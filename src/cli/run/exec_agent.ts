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

/** How the command would be started if it were not an agent. */
export interface Starting {
  readonly args: readonly string[];
  /** The login of the tokens that `fob auth token` would print. */
  readonly choice: Choice | undefined;
  readonly usual: ChildVariables;
  /** The local endpoint that it sends requests to, if it does not run fob for a token. */
  readonly served: ServedAddresses | undefined;
}

const isWindows = Deno.build.os === "windows";

/**
 * The run of the agent that `command` starts, if the address of its model is known: from the platform, or
 * from `--base-url`. `undefined` for any other command.
 *
 * @throws {FobError} `usage` for options that the command does not support, or that lead to another host.
 */
export async function findAgentRun(
  command: string,
  { host, provider }: TokenFacts,
  options: ModelOptions,
  context: CommandContext,
): Promise<AgentRun | undefined> {
  const agent = findAgent(command, isWindows);
  const place = provider === undefined ? undefined : agent?.places[provider];
  if (agent === undefined || (place === undefined && options.baseUrl === undefined)) {
    return assertNotAsked(agent, options);
  }
  const platform = context.providers.platforms.find(({ id }) => id === provider);
  const api = await requireApi(host ?? platform?.host, provider, context);
  const model = modelAddress(place, options, api);
  const isAsked = options.model !== undefined;
  return model && new AgentRun(agent, api, model, { context, isAsked });
}

function assertNotAsked(agent: Agent | undefined, { baseUrl, model }: ModelOptions): undefined {
  if ((baseUrl ?? model) === undefined) return undefined;
  if (agent === undefined) {
    throw new FobError("usage", "--model and --base-url can be used only with a coding agent");
  }
  throw new FobError("usage", `The path of the models for ${agent.title} at this host is unknown`, {
    facts: { option: "--base-url PATH" },
  });
}

/** A coding agent that is run with a model at the host that the token is for. */
export class AgentRun {
  readonly #agent: Agent;
  readonly #api: URL;
  readonly #model: ModelAddress;
  readonly #needs: { readonly context: CommandContext; readonly isAsked: boolean };

  /** `isAsked`: whether `--model` is given. */
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

  /** Whether the agent can run a command to get a token. */
  get runsCommand(): boolean {
    return this.#agent.runsCommand;
  }

  /** How to start the agent, without a token in it. `opened` removes the temporary files for the agent. */
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
    const written = await this.#writeFile(start.file, opened);
    const own = served === undefined ? withoutToken(usual, choice) : usual;
    return {
      args: [...written.args, ...start.args],
      set: { ...own.set, ...this.#defaultsOf(start), ...start.set, ...written.set },
      unset: [...own.unset, ...this.#agent.outranking],
    };
  }

  /** Names the profile: in the directory of the agent, a rule may choose another one. */
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

  /** The default variables. The caller's own go before the platform's default model, but not before `--model`. */
  #defaultsOf({ defaults = {} }: AgentStart): Record<string, string> {
    const { context: { system: { environment } }, isAsked } = this.#needs;
    return Object.fromEntries(
      Object.entries(defaults).filter(([name]) => isAsked || environment.get(name) === undefined),
    );
  }

  /** Writes a file for the agent, and returns the arguments and variables that pass its path. */
  async #writeFile(
    file: AgentFile | undefined,
    opened: AsyncDisposableStack,
  ): Promise<{ args: readonly string[]; set: Readonly<Record<string, string>> }> {
    if (file === undefined) return { args: [], set: {} };
    const { name, text, isKept, passedBy } = file;
    const { context } = this.#needs;
    const path = isKept
      ? await this.#keep(name, text)
      : await opened.use(await context.system.temporaryDirectory()).write(name, text);
    if ("option" in passedBy) return { args: [passedBy.option, path], set: {} };
    return { args: [], set: { [passedBy.folderVariable]: path.slice(0, -name.length - 1) } };
  }

  /** Writes a file that stays. Does not replace an existing one: the agent may have changed it. */
  async #keep(name: string, text: string): Promise<string> {
    const { context } = this.#needs;
    const path = `${context.system.directories().state}/agents/${this.#agent.program}/${name}`;
    const tools = await context.tools.otherTools();
    if (await tools.textFile(path).readIfExists() === undefined) {
      await tools.writeOwn(path, text, false);
    }
    return path;
  }
}

/**
 * The variables of an agent that runs fob for its tokens. No variable has a token, and variables that would
 * be chosen before the profile are unset. If the token comes from the environment, the variables stay.
 */
function withoutToken({ set, unset }: ChildVariables, choice: Choice | undefined): ChildVariables {
  if (choice?.kind !== "profile") return { set: {}, unset: [] };
  return { set: {}, unset: [...Object.keys(set), ...unset] };
}
