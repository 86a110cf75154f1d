import { agentFolder, agentPackages } from "../../../scripts/testing/agent_packages.ts";
import { present } from "../../../src/present.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import type { AgentLogin } from "./agent_login.ts";
import { ModelEndpoint } from "./model_endpoint.ts";
import { filesWith, WatchedProcesses } from "./watched_processes.ts";

/** Time limit for an agent in milliseconds. */
const patience = 120_000;

/** A home in which fob runs a real agent, and the fake model endpoint. */
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

  /** Writes a file in the project. */
  async write(name: string, text: string): Promise<void> {
    const path = `${this.project}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }

  /** Runs an agent with `fob exec`, with `words` before `--`. */
  async run(words: readonly string[], argv: readonly string[]): Promise<Run> {
    return await this.runAlone(["fob", "exec", "work", ...words, "--", ...argv]);
  }

  /** Runs a program in the project, without fob. */
  async runAlone(argv: readonly string[]): Promise<Run> {
    const { directory, environment } = this.login;
    const folders = agentPackages.map(agentFolder);
    const path = [`${directory}/bin`, ...folders, environment["PATH"]].join(":");
    const env = { ...environment, PATH: path, TMPDIR: `${directory}/tmp`, TERM: "dumb" };
    return await runProgram(argv, { cwd: this.project, env, limit: patience });
  }

  /** Places where a secret was found, except in fob's credentials file. */
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

/** Opens a home with a model that asks for a tool. The token is replaced before that. */
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
