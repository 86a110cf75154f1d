import { type AstroServer, startAstroServer } from "../../fakes/servers/astro_server.ts";
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from "../../fakes/servers/authorization_server.ts";
import { DatabricksServer } from "../../fakes/servers/databricks_server.ts";
import { robot } from "../../fakes/servers/grants.ts";
import { type Machine, thisMachine } from "../runner/machine.ts";
import { type Run, runProgram } from "../runner/program.ts";
import { exceptionFor } from "./exceptions.ts";
import { filesOfReader, programs } from "./reader_files.ts";
import type { ShellBlock } from "./shell_blocks.ts";

const repository = await Deno.realPath(`${import.meta.dirname}/../../..`);

/**
 * Runs the blocks of documents as a reader would who has signed in before: each in a new copy of one home,
 * with fob on `PATH`, against servers on the loopback that stand behind the example addresses.
 */
export class Reader implements AsyncDisposable {
  readonly #work: string;
  readonly #machine: Machine;
  readonly #server: AuthorizationServer;
  readonly #astro: AstroServer;
  readonly #databricks: DatabricksServer;
  /** The tokens in the home that is copied. */
  #tokens: readonly string[] = [];
  #count = 0;

  private constructor(
    work: string,
    machine: Machine,
    server: AuthorizationServer,
    astro: AstroServer,
  ) {
    this.#astro = astro;
    this.#work = work;
    this.#machine = machine;
    this.#server = server;
    this.#databricks = new DatabricksServer();
    this.#databricks.addToken({ lifetime: 86_400 }, "dapi-of-ada");
    this.#databricks.rotate("keep");
  }

  static async start(): Promise<Reader> {
    const work = await Deno.realPath(await Deno.makeTempDir({ prefix: "fob-documents-" }));
    const reader = new Reader(
      work,
      await thisMachine(work),
      await startAuthorizationServer(),
      await startAstroServer(),
    );
    await reader.#prepare();
    return reader;
  }

  /** Runs the commands of a block in one shell, up to the first that does not exit with 0. */
  async run(block: ShellBlock): Promise<Run> {
    const home = `${this.#work}/home-${++this.#count}`;
    await this.#sh(`cp -a '${this.#work}/home' '${home}'`, this.#work);
    await this.#replaceTokens(`${home}/.local/state/fob/credentials.json`);
    const lines = block.commands.filter(({ text }) => exceptionFor(text) === undefined)
      .map(({ line, text }) =>
        `${this.#withServers(text)}\n` +
        `{ code=$?; [ $code = 0 ] || { echo "line ${line}: exit $code" >&2; exit 1; }; }`
      );
    return await this.#sh(["set -o pipefail", ...lines, "exit 0"].join("\n"), home);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#server.close(), this.#databricks.close(), this.#astro.close()]);
    await this.#machine[Symbol.asyncDispose]();
    await Deno.remove(this.#work, { recursive: true });
  }

  /** Makes the home that is copied: the files of other programs, and the profiles "work", "client" and "lake". */
  async #prepare(): Promise<void> {
    const [program = "", ...args] = this.#machine.command;
    const fob = `#!/bin/sh\nexec ${[program, ...args].map((it) => `'${it}'`).join(" ")} "$@"\n`;
    const stubs = programs({ deno: Deno.execPath(), repository });
    const home = `${this.#work}/home`;
    for (const [name, text] of Object.entries({ fob, ...stubs })) {
      await write(`${this.#work}/bin/${name}`, text, 0o755);
    }
    for (const [name, text] of Object.entries(filesOfReader(robot.secret))) {
      await write(`${home}/${name}`, text, name.endsWith(".sh") ? 0o755 : 0o600);
    }
    const api = this.#server.api;
    const { code, stderr } = await this.#sh(
      `set -e
fob auth login lake --provider databricks --host ${this.#databricks.host.origin} --with-token < pat.txt
fob auth login client --host https://client.example.com --with-token < token.txt
fob auth login work --host ${api} --client-id fob
fob auth switch work
fob auth token work | grep -q access_token`,
      home,
    );
    if (code !== 0) throw new Error(`Cannot prepare the home: ${stderr}`);
    const kept = await Deno.readTextFile(`${home}/.local/state/fob/credentials.json`);
    const own = this.#databricks.liveTokens().find(({ value }) => kept.includes(value));
    this.#tokens = [...tokensIn(kept), own?.value ?? "", own?.info.token_id ?? ""];
    if (this.#tokens.includes("")) throw new Error("The home lacks a token");
  }

  /** Gives the logins "work" and "lake" tokens of their own, so that no block uses up what another needs. */
  async #replaceTokens(path: string): Promise<void> {
    const own = this.#databricks.addToken({ lifetime: 90 * 86_400 });
    const fresh = [...await signInByDevice(this.#server), own.value, own.info.token_id];
    let text = await Deno.readTextFile(path);
    for (const [index, token] of this.#tokens.entries()) {
      text = text.replaceAll(token, fresh[index] ?? token);
    }
    await Deno.writeTextFile(path, text);
  }

  /** The command with the servers of this test in place of the example addresses. */
  #withServers(command: string): string {
    const { api, issuer } = this.#server;
    const { origin } = this.#databricks.host;
    const workspace = "https://dbc-a1b2c3d4.cloud.databricks.com";
    return command
      // A loopback address is not recognized as Databricks by its name.
      .replaceAll(`login ${workspace}`, `login ${origin} --provider databricks`)
      .replaceAll(workspace, origin)
      .replaceAll("https://api.example.com", api)
      .replaceAll("https://login.example.com", issuer)
      .replaceAll(/(?<![\w./])api\.example\.com/g, new URL(api).host)
      .replaceAll("https://houston.example.com", this.#astro.api)
      .replaceAll("my-app", "fob");
  }

  async #sh(script: string, home: string): Promise<Run> {
    const env = Object.fromEntries(this.#machine.env);
    return await runProgram(["bash", "-c", script], {
      cwd: home,
      env: {
        ...env,
        HOME: home,
        SHELL: "/bin/bash",
        PATH: `${this.#work}/bin:${env["PATH"]}`,
        GITHUB_ENV: `${home}/step.env`,
      },
    });
  }
}

async function write(path: string, text: string, mode: number): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text, { mode });
}

/** The access token and the refresh token of the one OAuth login in a file of credentials. */
function tokensIn(text: string): string[] {
  const names = ["at", "rt"];
  return names.map((name) => new RegExp(`${name}-[\\w-]+`).exec(text)?.[0] ?? "");
}

/** An access token and a refresh token (RFC 8628). */
async function signInByDevice(server: AuthorizationServer): Promise<readonly [string, string]> {
  server.deviceApproveAfter(0);
  const post = async (
    path: string,
    body: Record<string, string>,
  ): Promise<Record<string, string>> =>
    await (await fetch(`${server.issuer}/${path}`, {
      method: "POST",
      body: new URLSearchParams({ client_id: "fob", ...body }),
    })).json();
  const scope = "openid email offline_access";
  const { device_code = "" } = await post("device_authorization", { scope });
  const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
  const { access_token = "", refresh_token = "" } = await post("token", {
    grant_type,
    device_code,
  });
  return [access_token, refresh_token];
}
