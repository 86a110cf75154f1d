import { agentFolder, agentPackages } from "../../../scripts/agent_packages.ts";
import { type Run, runProgram } from "../../acceptance/program.ts";
import { fobCommand } from "../../acceptance/fob_command.ts";
import { type LoginHome, openLoginHome, tokenIn } from "../login_home.ts";
import { ModelEndpoint } from "./model_endpoint.ts";
import { filesWith, WatchedProcesses } from "./watched_processes.ts";

/** Milliseconds of the age of the login: its token is still good. */
const age = 60_000;

/** A home in which a real agent is run by fob, and the model that it asks. */
export class AgentHome implements AsyncDisposable {
  readonly login: LoginHome;
  readonly model: ModelEndpoint;
  readonly processes = new WatchedProcesses("FOB_SERVE_KEY");
  /** Every token that there was, the last one the good one. */
  readonly tokens: string[] = [];
  readonly #refreshTokens: string[] = [];

  constructor(login: LoginHome, model: (home: AgentHome) => ModelEndpoint) {
    this.login = login;
    this.model = model(this);
  }

  /** The working directory of the agent. */
  get project(): string {
    return `${this.login.directory}/project`;
  }

  /** Writes a file of the project. */
  async write(name: string, text: string): Promise<void> {
    const path = `${this.project}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }

  /** Runs an agent by `fob exec`, with `words` of fob's before the dashes. */
  async run(words: readonly string[], argv: readonly string[]): Promise<Run> {
    return await this.runAlone(["fob", "exec", "work", ...words, "--", ...argv]);
  }

  /** Runs a program in the project, as a person would. */
  async runAlone(argv: readonly string[]): Promise<Run> {
    const { directory, environment } = this.login;
    const folders = agentPackages.map(agentFolder);
    const path = [`${directory}/bin`, ...folders, environment["PATH"]].join(":");
    const env = { ...environment, PATH: path, TMPDIR: `${directory}/tmp`, TERM: "dumb" };
    return await runProgram(argv, { cwd: this.project, env, limit: 120_000 });
  }

  /** Refreshes the login: its token before is good no more. */
  async renew(): Promise<void> {
    this.tokens.push(tokenIn(await this.login.run(["auth", "token", "work", "--force-refresh"])));
    await this.note();
  }

  /** Notes the secrets that are kept now. */
  async note(): Promise<void> {
    const { tokens } = await this.login.kept();
    const token = tokens.accessToken.reveal();
    if (this.tokens.at(-1) !== token) this.tokens.push(token);
    if (tokens.refreshToken !== undefined) this.#refreshTokens.push(tokens.refreshToken.reveal());
  }

  get secrets(): readonly string[] {
    return [...this.tokens, ...this.#refreshTokens];
  }

  /** Where a secret was left or seen, beside the file that fob keeps the login in. */
  async leaks(): Promise<string[]> {
    const secrets = [...this.secrets, ...this.processes.values];
    const files = await filesWith(secrets, this.login.directory);
    return [
      ...this.processes.findings,
      ...files.filter((path) => path !== `${this.login.state}/credentials.json`),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.model[Symbol.asyncDispose]();
    await this.login[Symbol.asyncDispose]();
  }
}

/** Opens one whose model asks for a tool, and for which the token is replaced before it does. */
export async function openAgentHome(): Promise<AgentHome> {
  const login = await openLoginHome("plaintext file");
  const home = new AgentHome(login, (home) =>
    new ModelEndpoint({
      isGood: (token) => token === home.tokens.at(-1),
      beforeAnswer: () => home.processes.look(home.secrets),
      beforeTool: () => home.renew(),
    }));
  await login.signInTo(home.model.origin, age);
  await home.note();
  await Deno.mkdir(home.project);
  await Deno.mkdir(`${login.directory}/tmp`);
  await Deno.mkdir(`${login.directory}/bin`);
  const words = (await fobCommand()).map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(`${login.directory}/bin/fob`, `#!/bin/sh\nexec ${words} "$@"\n`, {
    mode: 0o755,
  });
  return home;
}
