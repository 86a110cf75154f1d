import { agentFolder, agentPackages } from "../../../scripts/testing/agent_packages.ts";
import { present } from "../../../src/present.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import type { AgentLogin } from "./agent_login.ts";
import { ModelEndpoint } from "./model_endpoint.ts";
import { filesWith, WatchedProcesses } from "./watched_processes.ts";

/** Milliseconds that an agent may take. */
const patience = 120_000;

/** A home in which a real agent is run by fob, and the model that it asks. */
export class AgentHome implements AsyncDisposable {
  readonly login: AgentLogin;
  readonly model: ModelEndpoint;
  readonly processes = new WatchedProcesses("FOB_SERVE_KEY");

  constructor(login: AgentLogin) {
    this.login = login;
    const { beside } = login;
    this.model = new ModelEndpoint({
      isGood: (token) => login.isGood(token),
      beforeAnswer: () => this.processes.look(login.secrets()),
      beforeTool: () => login.renew(),
      ...present({ beside }),
    });
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
    return await runProgram(argv, { cwd: this.project, env, limit: patience });
  }

  /** Where a secret was left or seen, beside the file that fob keeps the login in. */
  async leaks(): Promise<string[]> {
    const secrets = [...this.login.secrets(), ...this.processes.values];
    const files = await filesWith(secrets, this.login.directory);
    return [...this.processes.findings, ...files.filter((path) => path !== this.login.keptIn)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.model[Symbol.asyncDispose]();
    await this.login[Symbol.asyncDispose]();
  }
}

/** Opens one whose model asks for a tool, and for which the token is replaced before it does. */
export async function openAgentHome(login: AgentLogin): Promise<AgentHome> {
  const home = new AgentHome(login);
  await login.signIn(home.model.origin);
  for (const name of ["project", "tmp", "bin"]) await Deno.mkdir(`${login.directory}/${name}`);
  const words = (await fobCommand()).map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(`${login.directory}/bin/fob`, `#!/bin/sh\nexec ${words} "$@"\n`, {
    mode: 0o755,
  });
  return home;
}
