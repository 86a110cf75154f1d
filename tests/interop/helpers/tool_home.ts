import { present } from "../../../src/present.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import { GuardedHost, type GuardedHostOptions } from "../exec/guarded_host.ts";
import { type LoginHome, openLoginHome } from "../login/login_home.ts";

/** A home with fob under the name that a tool runs, and a host that takes the tokens of its profile `work`. */
export class ToolHome implements AsyncDisposable {
  readonly login: LoginHome;
  readonly host: GuardedHost;
  /** What has to go as well when this goes. */
  readonly cleanups = new AsyncDisposableStack();

  constructor(login: LoginHome, host: GuardedHost) {
    this.login = login;
    this.host = host;
  }

  get directory(): string {
    return this.login.directory;
  }

  /** Runs a tool, which finds fob on `PATH`. Nothing of the system's configuration counts. */
  run(
    argv: readonly string[],
    variables: Readonly<Record<string, string>> = {},
    stdin?: string,
  ): Promise<Run> {
    const env = {
      ...this.login.environment,
      PATH: `${this.directory}/bin:${this.login.environment["PATH"]}`,
      ...variables,
    };
    const input = present({ stdin });
    return runProgram(argv, { cwd: this.directory, env, ...input });
  }

  /** Writes a file below the home, and resolves to its path. */
  async write(name: string, text: string, mode = 0o600): Promise<string> {
    const path = `${this.directory}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text, { mode });
    return path;
  }

  /** Installs fob as `name`, by a file that runs it with `words` before what the tool says. */
  async install(name: string, ...words: readonly string[]): Promise<string> {
    const command = [...await fobCommand(), ...words].map((word) => `'${word}'`).join(" ");
    return await this.write(`bin/${name}`, `#!/bin/bash\nexec -a "$0" ${command} "$@"\n`, 0o755);
  }

  /** The access token that is kept now. */
  async token(): Promise<string> {
    return (await this.login.kept()).tokens.accessToken.reveal();
  }

  /** The accounts that something is kept for. */
  accounts(): Promise<string[]> {
    return this.login.store.list();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cleanups.disposeAsync();
    await this.host[Symbol.asyncDispose]();
    await this.login[Symbol.asyncDispose]();
  }
}

/** Opens one whose login is `age` milliseconds old, of a token that lives for an hour. */
export async function openToolHome(
  options: Omit<GuardedHostOptions, "isGood">,
  age = 60_000,
): Promise<ToolHome> {
  const login = await openLoginHome("plaintext file");
  const host = new GuardedHost({ ...options, isGood: (token) => login.server.isActive(token) });
  await login.signInTo(host.origin, age);
  return new ToolHome(login, host);
}
