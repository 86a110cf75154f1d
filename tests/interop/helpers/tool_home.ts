import { present } from "../../../src/present.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import { GuardedHost, type GuardedHostOptions } from "../exec/guarded_host.ts";
import { type LoginHome, openLoginHome } from "../login/login_home.ts";

/**
 * A home with fob under the name that a tool runs, and a host that accepts the tokens of its profile
 * `work`.
 */
export class ToolHome implements AsyncDisposable {
  readonly login: LoginHome;
  readonly host: GuardedHost;
  /** Disposed together with the home. */
  readonly cleanups = new AsyncDisposableStack();

  constructor(login: LoginHome, host: GuardedHost) {
    this.login = login;
    this.host = host;
  }

  get directory(): string {
    return this.login.directory;
  }

  /** Runs a tool with fob on `PATH` and without the system's configuration. */
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

  /** Writes a file below the home. Resolves to its path. */
  async write(name: string, text: string, mode = 0o600): Promise<string> {
    const path = `${this.directory}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text, { mode });
    return path;
  }

  /** Installs fob as `name`, with a script that runs it with `words` before the tool's arguments. */
  async install(name: string, ...words: readonly string[]): Promise<string> {
    const command = [...await fobCommand(), ...words].map((word) => `'${word}'`).join(" ");
    return await this.write(`bin/${name}`, `#!/bin/bash\nexec -a "$0" ${command} "$@"\n`, 0o755);
  }

  /** The stored access token. */
  async token(): Promise<string> {
    return (await this.login.kept()).tokens.accessToken.reveal();
  }

  /** The accounts with stored credentials. */
  accounts(): Promise<string[]> {
    return this.login.store.list();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cleanups.disposeAsync();
    await this.host[Symbol.asyncDispose]();
    await this.login[Symbol.asyncDispose]();
  }
}

/** Opens a home with a login that is `age` milliseconds old. Its token lives for one hour. */
export async function openToolHome(
  options: Omit<GuardedHostOptions, "isGood">,
  age = 60_000,
): Promise<ToolHome> {
  const login = await openLoginHome("plaintext file");
  const host = new GuardedHost({ ...options, isGood: (token) => login.server.isActive(token) });
  await login.signInTo(host.origin, age);
  return new ToolHome(login, host);
}
