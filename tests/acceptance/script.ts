import type { Search } from "../canaries/search.ts";
import { type Places, Watch } from "../canaries/watch.ts";
import type { AstroServer } from "../fakes/astro_server.ts";
import type { AuthorizationServer } from "../fakes/authorization_server.ts";
import type { DatabricksServer } from "../fakes/databricks_server.ts";
import type { Pipeline } from "../fakes/pipeline.ts";
import type { Session } from "../rigs/keyring.ts";
import type { Machine } from "./machine.ts";
import { type Run, runProgram } from "./program.ts";

/** How the next fob is to be run. */
export interface NextRun {
  /** The directory that it runs in; the script's own if not given. */
  cwd?: string;
  stdin?: string;
  closeStdout?: boolean;
  /** Another name than its own. */
  name?: string;
  /** Programs that run the program that follows them in argv, outermost first. */
  readonly wrappers: string[][];
}

/** A script while it runs: its directory, environment and server, and what its last fob left. */
export class Script {
  /** The directory that everything happens in. */
  readonly work: string;
  readonly machine: Machine;
  /** All of fob's environment. */
  readonly env: Map<string, string>;
  /** Undone in reverse order when the script ends, however it ends. */
  readonly cleanups: (() => Promise<void>)[] = [];
  server: AuthorizationServer | undefined;
  astro: AstroServer | undefined;
  databricks: DatabricksServer | undefined;
  pipeline: Pipeline | undefined;
  /** The login session whose keyring fob finds. */
  session: Session | undefined;
  next: NextRun = { wrappers: [] };
  last: Run | undefined;

  /** Whether fob is to say all that it can, on stderr, where nothing is expected then. */
  readonly isLoud: boolean;
  readonly #search: Search;

  constructor(work: string, machine: Machine, search: Search, isLoud: boolean) {
    this.isLoud = isLoud;
    this.work = work;
    this.machine = machine;
    this.#search = search;
    this.env = new Map(machine.env);
  }

  /** A variable: the script's own, which are not in fob's environment, or one of fob's. */
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

  /** A path as the script means it: relative to the work directory. */
  path(name: string): string {
    return this.machine.path(name);
  }

  /** The text of a file, or of the last fob's `stdout` or `stderr`. */
  async read(name: string): Promise<string> {
    if (name === "stdout" || name === "stderr") return this.lastRun()[name];
    return await Deno.readTextFile(this.path(name));
  }

  lastRun(): Run {
    if (this.last === undefined) throw new Error("No fob has been run yet");
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

  /** Runs fob; under another `name`, if one is given. Throws a `Leak` where a secret is left that should not be. */
  async runFob(words: readonly string[], name = this.next.name): Promise<Run> {
    const args = this.isLoud ? louder(words, name) : words;
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
      ...this.isLoud ? { FOB_DEBUG: "1" } : {},
    };
    const given = { argv, environment: env };
    await using watch = await Watch.begin(this.#search, this.#places(), given, machine.hasStrace);
    const run = await runProgram([...watch.wrapper, ...argv], {
      cwd: this.work,
      env,
      spawn: machine.spawn,
      ...how,
    });
    const { stdout, stderr } = run;
    this.last = { ...run, argv, stdout: machine.read(stdout), stderr: machine.read(stderr) };
    const said = [stdout, stderr, this.last.stdout, this.last.stderr].join("\n");
    await watch.end({ name, args, said }, run);
    return this.last;
  }

  /** Where fob may write: the script's own directory, and a session's home. */
  #places(): Places {
    const own = ["home/.config/fob", "home/.config/gh", "home/.local/state/fob", "home", ""];
    const { session } = this;
    return [
      ...own.map((name) => [name, name === "" ? this.work : this.path(name)] as const),
      ...session === undefined ? [] : [["session", session.environment["HOME"] ?? ""] as const],
    ];
  }
}

/** A command line with `--verbose`, where its command has that. */
function louder(args: readonly string[], name: string | undefined): readonly string[] {
  if (name === "databricks") return args;
  if (name !== undefined) return ["--verbose", ...args];
  const [first = "__"] = args;
  if (/^(-|__|(help|version|completions)$)/.test(first) || args.includes("--help")) return args;
  const at = first === "helper" ? 2 : first === "exec" ? 1 : args.length;
  return [...args.slice(0, at), "--verbose", ...args.slice(at)];
}

/** What gives the program that follows another name. */
function calledAs(name: string | undefined): string[] {
  return name === undefined ? [] : ["bash", "-c", `exec -a ${name} "$@"`, "bash"];
}
