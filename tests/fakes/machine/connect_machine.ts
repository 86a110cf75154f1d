import type { ConnectNeeds } from "../../../src/connect/connect.ts";
import type { Change } from "../../../src/connect/tool.ts";
import {
  type OtherTools,
  otherTools,
  type ProgramResult,
} from "../../../src/system/other_tools.ts";
import { lines } from "../../../src/text/formats/env_format.ts";
import { hcl } from "../../../src/text/formats/hcl_format.ts";
import { json } from "../../../src/text/formats/json_format.ts";
import type { Edit } from "../../../src/text/formats/settings_format.ts";
import { toml } from "../../../src/text/formats/toml_format.ts";
import { environmentOf } from "./environment.ts";
import { MemoryLocks } from "./memory_locks.ts";
import { makeTemporaryDirectory, type TemporaryDirectory } from "./temporary_directory.ts";
import { MemoryNotes } from "./tool_machine.ts";

/** A temporary home with a program `fob` on its `PATH`, and a tool with a fake command. */
export class ConnectMachine implements AsyncDisposable {
  readonly notes = new MemoryNotes();
  readonly locks = new MemoryLocks();
  readonly formats = { hcl, json, lines, toml };
  readonly uninterrupted = <T>(work: () => Promise<T>): Promise<T> => work();
  readonly tools: OtherTools;
  /** The arguments of each run of the fake command. */
  readonly ran: string[][] = [];
  /** Called for each run of the fake command. */
  onRun: (words: readonly string[]) => Promise<string> = () => Promise.resolve("");
  readonly #directory: TemporaryDirectory;

  constructor(directory: TemporaryDirectory) {
    this.#directory = directory;
    const PATH = `${directory.path}/bin`;
    this.tools = {
      ...otherTools(
        environmentOf({ PATH, HOME: directory.path, USERPROFILE: directory.path }),
      ),
      run: (_, words) => this.#run(words),
    };
  }

  get path(): string {
    return this.#directory.path;
  }

  get needs(): ConnectNeeds {
    return this;
  }

  /** The path of a file below the home. */
  at(name: string): string {
    return `${this.path}/${name}`;
  }

  async write(name: string, text: string, mode = 0o600): Promise<string> {
    await Deno.writeTextFile(this.at(name), text);
    await Deno.chmod(this.at(name), mode);
    return this.at(name);
  }

  async read(name: string): Promise<string | undefined> {
    return await Deno.readTextFile(this.at(name)).catch(() => undefined);
  }

  /** The names in the home, without `bin`. */
  async names(): Promise<string[]> {
    const entries = await Array.fromAsync(Deno.readDir(this.path));
    return entries.map(({ name }) => name).filter((name) => name !== "bin").sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#directory[Symbol.asyncDispose]();
  }

  async #run(words: readonly string[]): Promise<ProgramResult> {
    this.ran.push([...words]);
    try {
      return { code: 0, stdout: await this.onRun(words), stderr: "" };
    } catch (error) {
      return { code: 1, stdout: "", stderr: `${error instanceof Error ? error.message : error}\n` };
    }
  }
}

export async function openConnectMachine(): Promise<ConnectMachine> {
  const directory = await makeTemporaryDirectory();
  await Deno.mkdir(`${directory.path}/bin`);
  for (const name of ["fob", "tool"]) {
    const path = `${directory.path}/bin/${name}${Deno.build.os === "windows" ? ".exe" : ""}`;
    await Deno.writeTextFile(path, name, { mode: 0o755 });
  }
  return new ConnectMachine(directory);
}

/** A change of a JSON file. */
export function settings(path: string, ...edits: readonly Edit[]): Change {
  return { kind: "settings", path, format: "json", edits: () => edits };
}
