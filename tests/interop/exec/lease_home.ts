import { present } from "../../../src/present.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import {
  makeTemporaryDirectory,
  type TemporaryDirectory,
} from "../../fakes/machine/temporary_directory.ts";
import { DatabricksServer } from "../../fakes/servers/databricks_server.ts";
import { denoDirectory } from "../../rigs/remote_store.ts";

/** The pasted token. */
export const pasted = "dapi-canary-of-a-person";

/** A home with the profile `work` at a new Databricks host, signed in with a token that fob made. */
export class LeaseHome implements AsyncDisposable {
  readonly server = new DatabricksServer();
  readonly path: string;
  readonly #fob: readonly string[];
  readonly #directory: TemporaryDirectory;
  readonly #session: Readonly<Record<string, string>>;

  constructor(
    fob: readonly string[],
    directory: TemporaryDirectory,
    session: Readonly<Record<string, string>>,
  ) {
    this.#fob = fob;
    this.#session = session;
    this.#directory = directory;
    this.path = directory.path;
    this.server.addToken({ comment: "by hand" }, pasted);
  }

  get environment(): Record<string, string> {
    return {
      ...this.#session,
      HOME: this.path,
      PATH: Deno.env.get("PATH") ?? "",
      DENO_DIR: denoDirectory(),
      DENO_NO_UPDATE_CHECK: "1",
    };
  }

  run(args: readonly string[], stdin?: string): Promise<Run> {
    const input = present({ stdin });
    return runProgram([...this.#fob, ...args], { cwd: this.path, env: this.environment, ...input });
  }

  /** Starts fob, under the program `tracer` if given. Its stdin stays open until it is closed. */
  start(args: readonly string[], tracer: readonly string[] = []): Deno.ChildProcess {
    const [program = "", ...words] = [...tracer, ...this.#fob, ...args];
    return new Deno.Command(program, {
      args: words,
      cwd: this.path,
      clearEnv: true,
      env: this.environment,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  async signIn(): Promise<void> {
    const file = `${this.path}/paste`;
    await Deno.writeTextFile(file, pasted, { mode: 0o600 });
    const { origin } = this.server.host;
    const login = ["auth", "login", "work", "--with-token", "--provider", "databricks"];
    const { code, stderr } = await this.run([...login, "--host", origin], file);
    await Deno.remove(file);
    if (code !== 0) throw new Error(stderr);
  }

  /** The values of active tokens that fob made, the stored one first. */
  live(): string[] {
    return this.server.liveTokens().filter(({ info }) => info.comment.startsWith("fob/"))
      .map(({ value }) => value);
  }

  /** Resolves when there are `count` active tokens. */
  async untilLive(count: number): Promise<void> {
    for (const end = performance.now() + 30_000; this.live().length !== count;) {
      if (performance.now() > end) throw new Error(`${this.live().length} active tokens`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The files of the home with their texts. */
  async files(): Promise<Map<string, string>> {
    return new Map(await textsBelow(this.path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await this.#directory[Symbol.asyncDispose]();
  }
}

/** Opens a home with the login in the plaintext file, or in the keyring of the session with `environment`. */
export async function openLeaseHome(
  session: Readonly<Record<string, string>> = { FOB_AUTH_STORAGE: "plaintext" },
): Promise<LeaseHome> {
  const home = new LeaseHome(await fobCommand(), await makeTemporaryDirectory(), session);
  await home.signIn();
  return home;
}

async function textsBelow(directory: string): Promise<[string, string][]> {
  const entries = await Array.fromAsync(Deno.readDir(directory));
  const texts = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    if (isDirectory) return await textsBelow(path);
    return [[path, await Deno.readTextFile(path)] as [string, string]];
  }));
  return texts.flat();
}

/** A command that prints "ready", and runs until its stdin ends. */
export const untilInputEnds = ["--", "sh", "-c", "echo ready; exec cat"];

/** A started fob with a running command. */
export class Running {
  readonly process: Deno.ChildProcess;
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  readonly #errors: Promise<string>;

  constructor(process: Deno.ChildProcess) {
    this.process = process;
    this.#output = process.stdout.getReader();
    this.#errors = new Response(process.stderr).text();
  }

  /** Resolves when the command has printed "ready". */
  async ready(): Promise<this> {
    const { value } = await this.#output.read();
    if (value === undefined) throw new Error(await this.#errors);
    return this;
  }

  /** Ends the stdin of the command, and resolves to the result of fob. */
  async ended(): Promise<{ code: number; stderr: string }> {
    await this.process.stdin.close().catch(() => {});
    const { code } = await this.process.status;
    await this.#output.cancel();
    return { code, stderr: await this.#errors };
  }
}
