import type { Places } from "../../canaries/files.ts";
import { type Call, secretFileOf, secretsGiven } from "../../canaries/given.ts";
import { Secrets } from "../../canaries/secrets.ts";
import { Watch } from "../../canaries/watch.ts";
import type { AstroServer } from "../../fakes/servers/astro_server.ts";
import type { AuthorizationServer } from "../../fakes/servers/authorization_server.ts";
import type { DatabricksServer } from "../../fakes/servers/databricks_server.ts";
import type { Pipeline } from "../../fakes/servers/pipeline.ts";
import type { Session } from "../../rigs/keyring.ts";
import type { Machine } from "./machine.ts";
import { type Run, runProgram } from "./program.ts";

/** Settings for the next run of fob. */
export interface NextRun {
  /** The working directory, default the directory of the script. */
  cwd?: string;
  stdin?: string;
  closeStdout?: boolean;
  /** The name to call fob by, if not `fob`. */
  name?: string;
  /** Programs that run the rest of argv, outermost first. */
  readonly wrappers: string[][];
}

/** The state of a running script: its directory, environment and servers, and the last run of fob. */
export class Script {
  /** The directory of the script. */
  readonly work: string;
  readonly machine: Machine;
  /** The whole environment of fob. */
  readonly env: Map<string, string>;
  /** Called in reverse order when the script ends, failed or not. */
  readonly cleanups: (() => Promise<void>)[] = [];
  server: AuthorizationServer | undefined;
  astro: AstroServer | undefined;
  databricks: DatabricksServer | undefined;
  pipeline: Pipeline | undefined;
  /** The login session with the keyring that fob uses. */
  session: Session | undefined;
  next: NextRun = { wrappers: [] };
  last: Run | undefined;

  /** Whether fob logs everything to stderr. Checks of stderr are skipped then. */
  readonly isLoud: boolean;
  /** The secrets that fob must not leak. */
  readonly secrets = new Secrets();

  constructor(work: string, machine: Machine, isLoud: boolean) {
    this.isLoud = isLoud;
    this.work = work;
    this.machine = machine;
    this.env = new Map(machine.env);
  }

  /** The value of a variable: one of the script, which fob does not get, or one of fob's environment. */
  lookUp(name: string): string | undefined {
    switch (name) {
      case "WORK":
        return this.work;
      case "ISSUER":
        return this.server?.issuer;
      case "API":
        return this.server?.api;
      case "ASTRO":
        return this.astro?.api;
      case "AUTHORITY":
        return this.server && new URL(this.server.api).host;
      case "HOST":
        return this.databricks?.host.origin;
      case "ACCOUNT_ID":
        return this.databricks?.host.accountId;
      case "WORKSPACE_ID":
        return this.databricks?.host.workspaceId;
      case "PIPELINE":
        return this.pipeline?.origin;
      default:
        return this.env.get(name);
    }
  }

  /** Resolves a path of the script, relative to its directory. */
  path(name: string): string {
    return this.machine.path(name);
  }

  /** The text of a file, or the `stdout` or `stderr` of the last run. */
  async read(name: string): Promise<string> {
    if (name === "stdout" || name === "stderr") return this.lastRun()[name];
    return await Deno.readTextFile(this.path(name));
  }

  lastRun(): Run {
    if (this.last === undefined) throw new Error("fob has not been run yet");
    return this.last;
  }

  startedServer(): AuthorizationServer {
    if (this.server === undefined) throw new Error("No server has been started");
    return this.server;
  }

  startedDatabricks(): DatabricksServer {
    if (this.databricks === undefined) throw new Error("No Databricks host has been started");
    return this.databricks;
  }

  /** Runs fob, under another `name` if given.
   *
   * @throws {Leak} for a secret in a place that is not allowed. */
  async runFob(words: readonly string[], name = this.next.name): Promise<Run> {
    const args = this.isLoud ? louder(words, name) : words;
    await this.#noteSecrets(name, args);
    const { wrappers, name: _, ...how } = this.next;
    this.next = { wrappers: [] };
    this.last = undefined;
    const { machine } = this;
    const argv = [
      ...wrappers.flat(),
      ...calledAs(name),
      ...machine.command,
      ...args.map(machine.spell),
    ];
    const spelled = [...this.env].map(([name, value]) => [name, machine.spell(value)]);
    const env: Record<string, string> = {
      ...Object.fromEntries(spelled),
      ...this.isLoud ? talkative : {},
    };
    const { hasStrace, system } = machine;
    const site = { places: this.#places(), hasStrace, hasModes: system === "unix" };
    await using watch = await Watch.begin(this.secrets, site, { argv, environment: env });
    const run = await runProgram([...watch.wrapper, ...argv], {
      cwd: this.work,
      env,
      spawn: machine.spawn,
      ...how,
    });
    const { stdout, stderr } = run;
    this.last = { ...run, argv, stdout: machine.read(stdout), stderr: machine.read(stderr) };
    const said = [stdout, stderr, this.last.stdout, this.last.stderr].join("\n");
    await watch.end({ name, args, environment: this.env, said }, run);
    return this.last;
  }

  /** Adds the secrets in the inputs of the next run to the secrets that fob must not leak. */
  async #noteSecrets(name: string | undefined, args: readonly string[]): Promise<void> {
    const { stdin, cwd = this.work } = this.next;
    const read = (path: string): Promise<string> => Deno.readTextFile(path).catch(() => "");
    const input = stdin === undefined ? "" : await read(stdin);
    const call: Call = { name, args, input, environment: Object.fromEntries(this.env) };
    for (const secret of secretsGiven(call)) this.secrets.add(secret);
    const file = secretFileOf(args);
    if (file !== undefined) {
      this.secrets.add({ text: await read(`${cwd}/${file}`), isHidden: false });
    }
  }

  /** The directories that fob may write to: the directory of the script, and the home of a session. */
  #places(): Places {
    const own = ["home/.config/fob", "home/.config/gh", "home/.local/state/fob", "home", ""];
    const { session } = this;
    return [
      ...own.map((name) => [name, name === "" ? this.work : this.path(name)] as const),
      ...session === undefined ? [] : [["session", session.environment["HOME"] ?? ""] as const],
    ];
  }
}

/**
 * Variables for full logging of the runtime and its Node layer. fob itself only has `--verbose`.
 * Telemetry (`OTEL_DENO`) is decided when fob is compiled.
 */
export const talkative = { DENO_LOG: "trace", NODE_DEBUG: "*" } as const;

/** Adds `--verbose` to a command line, if the command has that option. */
function louder(args: readonly string[], name: string | undefined): readonly string[] {
  if (name === "databricks") return args;
  if (name !== undefined) return ["--verbose", ...args];
  const [first = "__"] = args;
  if (/^(-|__|(help|version|completions)$)/.test(first) || args.includes("--help")) return args;
  const at = first === "helper" ? 2 : first === "exec" ? 1 : args.length;
  return [...args.slice(0, at), "--verbose", ...args.slice(at)];
}

/** The words that start the following program under another name. */
function calledAs(name: string | undefined): string[] {
  return name === undefined ? [] : ["bash", "-c", `exec -a ${name} "$@"`, "bash"];
}
