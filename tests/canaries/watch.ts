import { mayHold, mayInherit, mayPrint, type Occasion } from "./allowed.ts";
import type { Search, Sighting } from "./search.ts";
import { parseStarted, type Started, startWatcher } from "./started.ts";

/** Directories that are looked at, by what the allow list calls them; what is in another one comes before that. */
export type Places = readonly (readonly [name: string, path: string])[];

/** What a run was given by whoever started it: what is passed on of it is no secret that fob gave away. */
export interface Given {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A secret is where none may be. */
export class Leak extends Error {
  override readonly name = "Leak";

  constructor(where: string, { secret, encoding }: Sighting) {
    super(`A secret is in ${where}: "${secret}", ${encoding}`);
  }
}

/** A file's version: what is the same was not written meanwhile. */
type Versions = ReadonlyMap<string, string>;

/** Looks for secrets in what one run of fob leaves and starts. */
export class Watch implements AsyncDisposable {
  readonly #search: Search;
  readonly #places: Places;
  readonly #before: Versions;
  readonly #given: Given;
  readonly #log: string | undefined;

  private constructor(
    search: Search,
    places: Places,
    before: Versions,
    given: Given,
    log: string | undefined,
  ) {
    [this.#search, this.#places, this.#before] = [search, places, before];
    [this.#given, this.#log] = [given, log];
  }

  /** Before the run begins. `hasStrace`: whether the programs that it starts can be watched. */
  static async begin(
    search: Search,
    places: Places,
    given: Given,
    hasStrace: boolean,
  ): Promise<Watch> {
    const log = hasStrace ? await Deno.makeTempFile({ prefix: "fob-started-" }) : undefined;
    return new Watch(search, places, await versionsIn(places), given, log);
  }

  /** What to put before the program to run. */
  get wrapper(): string[] {
    return this.#log === undefined ? [] : startWatcher(this.#log);
  }

  /** After the run has ended. Throws a {@link Leak}. */
  async end(
    occasion: Occasion,
    { stdout, stderr }: { stdout: string; stderr: string },
  ): Promise<void> {
    this.#lookAt("what fob says on stderr", stderr);
    if (!mayPrint(occasion)) this.#lookAt("what fob says on stdout", stdout);
    for (const started of await this.#started()) this.#lookAtProgram(started, occasion);
    await this.#lookAtFiles(occasion);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#log !== undefined) await Deno.remove(this.#log);
  }

  #lookAt(where: string, text: string): void {
    const found = this.#search.findIn(text);
    if (found !== undefined) throw new Leak(where, found);
  }

  #lookAtProgram({ argv, environment }: Started, occasion: Occasion): void {
    const [program = ""] = argv;
    const own = new Set(this.#given.argv);
    for (const word of argv) {
      if (!own.has(word)) this.#lookAt(`argv of "${program}"`, word);
    }
    if (mayInherit(occasion)) return;
    for (const variable of environment) {
      const [name = "", ...value] = variable.split("=");
      if (this.#given.environment[name] !== value.join("=")) {
        this.#lookAt(`the variable ${name} of "${program}"`, variable);
      }
    }
  }

  async #lookAtFiles(occasion: Occasion): Promise<void> {
    for (const [path, version] of await versionsIn(this.#places)) {
      if (this.#before.get(path) === version) continue;
      const file = nameOf(path, this.#places);
      const bytes = await Deno.readFile(path).catch(orGone);
      const found = bytes && (this.#search.find(bytes) ?? this.#search.findIn(path));
      if (found && !mayHold(file, path, occasion)) throw new Leak(`the file "${file}"`, found);
    }
  }

  /** The programs that the run has started; the first of them is the run itself. */
  async #started(): Promise<Started[]> {
    if (this.#log === undefined) return [];
    for (let tries = 0; tries < 500; tries++) {
      const text = await Deno.readTextFile(this.#log);
      const [, first] = /^(\d+) /.exec(text) ?? [];
      // Strace writes the end of a program after whoever waits for it may have gone on.
      if (first !== undefined && new RegExp(`^${first} +\\+\\+\\+ `, "m").test(text)) {
        return parseStarted(text);
      }
      await new Promise((wake) => setTimeout(wake, 5));
    }
    throw new Error("Strace tells no end of fob");
  }
}

async function versionsIn(places: Places): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const [, path] of places) await walk(path, versions);
  return versions;
}

async function walk(path: string, versions: Map<string, string>): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(path)).catch(orGone) ?? [];
  for (const { name, isFile, isDirectory } of entries) {
    const inner = `${path}/${name}`;
    if (versions.has(inner)) continue;
    if (isDirectory && !isDenos(inner)) await walk(inner, versions);
    else if (isFile) {
      const found = await Deno.lstat(inner).catch(orGone);
      if (found) {
        versions.set(
          inner,
          `${found.ino} ${found.size} ${found.mtime?.getTime()} ${found.ctime?.getTime()}`,
        );
      }
    }
  }
}

/** Deno's own cache under Windows, which has a copy of Deno in it. A fob that was compiled has none. */
function isDenos(directory: string): boolean {
  return directory.endsWith("/AppData/Local/deno");
}

function orGone(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}

function nameOf(path: string, places: Places): string {
  const [name, top] = places.find(([, top]) => path.startsWith(`${top}/`)) ?? ["", ""];
  return [name, path.slice(top.length + 1)].filter(Boolean).join("/");
}
