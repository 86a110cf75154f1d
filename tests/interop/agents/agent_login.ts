import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { runProgram } from "../../acceptance/runner/program.ts";
import { DatabricksServer } from "../../fakes/servers/databricks_server.ts";
import { denoDirectory } from "../../rigs/remote_store.ts";
import { type LoginHome, openLoginHome, tokenIn } from "../login/login_home.ts";

/** A home with the profile `work`, and the server of its tokens. */
export interface AgentLogin extends AsyncDisposable {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The file with the login. */
  readonly keptIn: string;
  /** Handles requests to paths of the host that are not of a model. */
  readonly beside?: string;
  /** Signs in at `host`. */
  signIn(host: string): Promise<void>;
  isGood(token: string): boolean;
  /** Expires the active token. */
  renew(): Promise<void>;
  /** All secrets so far. */
  secrets(): readonly string[];
}

/** The age of a login in milliseconds. Its token is still valid. */
const age = 60_000;

/** An OAuth login with a token that is refreshed. */
class RefreshedLogin implements AgentLogin {
  readonly #home: LoginHome;
  readonly #tokens: string[] = [];
  readonly #refreshTokens: string[] = [];

  constructor(home: LoginHome) {
    this.#home = home;
  }

  get directory(): string {
    return this.#home.directory;
  }

  get environment(): Readonly<Record<string, string>> {
    return this.#home.environment;
  }

  get keptIn(): string {
    return `${this.#home.state}/credentials.json`;
  }

  async signIn(host: string): Promise<void> {
    await this.#home.signInTo(host, age);
    await this.#note();
  }

  isGood(token: string): boolean {
    return token === this.#tokens.at(-1);
  }

  async renew(): Promise<void> {
    tokenIn(await this.#home.run(["auth", "token", "work", "--force-refresh"]));
    await this.#note();
  }

  secrets(): readonly string[] {
    return [...this.#tokens, ...this.#refreshTokens];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#home[Symbol.asyncDispose]();
  }

  async #note(): Promise<void> {
    const { tokens: { accessToken, refreshToken } } = await this.#home.kept();
    this.#tokens.push(accessToken.reveal());
    if (refreshToken !== undefined) this.#refreshTokens.push(refreshToken.reveal());
  }
}

export async function openRefreshedLogin(): Promise<AgentLogin> {
  return new RefreshedLogin(await openLoginHome("plaintext file"));
}

const pasted = "dapi-canary-of-a-person";

/** A Databricks token made by fob, for leases. The server revokes one lease early. */
class LeasedLogin implements AgentLogin {
  readonly server = new DatabricksServer();
  readonly directory: string;
  readonly #seen = new Set([pasted]);

  constructor(directory: string) {
    this.directory = directory;
    this.server.addToken({ comment: "by hand" }, pasted);
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      FOB_AUTH_STORAGE: "plaintext",
      HOME: this.directory,
      PATH: Deno.env.get("PATH") ?? "",
      LANG: "C.UTF-8",
      DENO_DIR: denoDirectory(),
      DENO_NO_UPDATE_CHECK: "1",
    };
  }

  get keptIn(): string {
    return `${this.directory}/.local/state/fob/credentials.json`;
  }

  get beside(): string {
    return this.server.host.origin;
  }

  /** The active leased tokens, without the login's own token. */
  leases(): readonly { readonly value: string; readonly id: string }[] {
    return this.server.liveTokens().filter(({ info }) => info.comment.startsWith("fob/")).slice(1)
      .map(({ value, info }) => ({ value, id: info.token_id }));
  }

  async signIn(host: string): Promise<void> {
    const file = `${this.directory}/paste`;
    await Deno.writeTextFile(file, pasted, { mode: 0o600 });
    const words = ["auth", "login", "work", "--with-token", "--provider", "databricks"];
    const login = [...await fobCommand(), ...words, "--host", host];
    const options = { cwd: this.directory, env: this.environment, stdin: file };
    const { code, stderr } = await runProgram(login, options);
    await Deno.remove(file);
    if (code !== 0) throw new Error(stderr);
  }

  isGood(token: string): boolean {
    return this.leases().some(({ value }) => value === token);
  }

  renew(): Promise<void> {
    for (const { id } of this.leases()) this.server.delete(id);
    return Promise.resolve();
  }

  secrets(): readonly string[] {
    for (const { value } of this.server.liveTokens()) this.#seen.add(value);
    return [...this.#seen];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await Deno.remove(this.directory, { recursive: true });
  }
}

export async function openLeasedLogin(): Promise<LeasedLogin> {
  return new LeasedLogin(await Deno.realPath(await Deno.makeTempDir({ prefix: "fob-leased-" })));
}
