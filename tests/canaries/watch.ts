import {
  asksForSettings,
  type EarlierFile,
  mayHold,
  mayInherit,
  mayPrint,
  type Occasion,
} from "./allowed.ts";
import { entriesIn, type Entry, lookInto, nameOf, type Places, sightingsIn } from "./files.ts";
import { hiddenMark } from "./mark.ts";
import { Search, type Sighting } from "./search.ts";
import type { Secrets } from "./secrets.ts";
import { parseStarted, type Started, startWatcher } from "./started.ts";

/** The arguments and the environment of a run. fob may pass them on to the programs that it starts. */
export interface Given {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The directories of a run, and what can be checked on this system. */
export interface Site {
  readonly places: Places;
  /** Whether strace can log the programs that the run starts. */
  readonly hasStrace: boolean;
  /** Whether files have POSIX modes. */
  readonly hasModes: boolean;
}

/** A secret in a place that is not allowed. */
export class Leak extends Error {
  override readonly name = "Leak";

  constructor(where: string, { secret, encoding }: Sighting) {
    super(`A secret is in ${where}: "${secret}", ${encoding}`);
  }
}

/** Searches the output, the files and the started programs of one run of fob for secrets. */
export class Watch implements AsyncDisposable {
  readonly #all: Search;
  readonly #hidden: Search;
  readonly #site: Site;
  readonly #given: Given;
  readonly #before: ReadonlyMap<string, Entry & EarlierFile>;
  readonly #log: string | undefined;

  private constructor(
    secrets: Secrets,
    site: Site,
    given: Given,
    before: ReadonlyMap<string, Entry & EarlierFile>,
    log: string | undefined,
  ) {
    [this.#all, this.#hidden] = [secrets.searchAll(), secrets.searchHidden()];
    [this.#site, this.#given, this.#before, this.#log] = [site, given, before, log];
  }

  /** Starts watching. Call it before the run. */
  static async begin(secrets: Secrets, site: Site, given: Given): Promise<Watch> {
    const log = site.hasStrace ? await Deno.makeTempFile({ prefix: "fob-started-" }) : undefined;
    const before = await lookInto(await entriesIn(site.places), secrets.searchAll());
    return new Watch(secrets, site, given, before, log);
  }

  /** The words to put before the program. */
  get wrapper(): string[] {
    return this.#log === undefined ? [] : startWatcher(this.#log);
  }

  /** Checks the run after it has ended.
   *
   * @throws {Leak} for a secret in a place that is not allowed. */
  async end(
    occasion: Occasion,
    { stdout, stderr }: { stdout: string; stderr: string },
  ): Promise<void> {
    lookAt("stderr of fob", stderr, this.#all);
    lookAt("stdout of fob", stdout, this.#unwantedOnStdout(occasion));
    for (const started of await this.#started()) this.#lookAtProgram(started, occasion);
    await this.#lookAtFiles(occasion);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#log !== undefined) await Deno.remove(this.#log);
  }

  #unwantedOnStdout(occasion: Occasion): Search {
    if (asksForSettings(occasion)) return new Search([hiddenMark]);
    return mayPrint(occasion) ? this.#hidden : this.#all;
  }

  #lookAtProgram({ argv, environment }: Started, occasion: Occasion): void {
    const [program = ""] = argv;
    const own = new Set(this.#given.argv);
    for (const word of argv) {
      if (!own.has(word)) lookAt(`argv of "${program}"`, word, this.#all);
    }
    const unwanted = mayInherit(occasion) ? this.#hidden : this.#all;
    for (const variable of environment) {
      const [name = "", ...value] = variable.split("=");
      if (this.#given.environment[name] !== value.join("=")) {
        lookAt(`the variable ${name} of "${program}"`, variable, unwanted);
      }
    }
  }

  async #lookAtFiles(occasion: Occasion): Promise<void> {
    const { places, hasModes } = this.#site;
    for (const [path, { version, mode, link }] of await entriesIn(places)) {
      if (this.#before.get(path)?.version === version) continue;
      const file = nameOf(path, places);
      lookAt(`the name of the file "${file}"`, file, this.#all);
      lookAt(`the link "${file}"`, link, this.#all);
      const held = { file, path, mode: hasModes ? mode : 0 };
      for (const sighting of await sightingsIn(path, this.#all)) {
        if (mayHold(sighting.secret, held, this.#before, occasion)) continue;
        const shown = hasModes ? `, mode ${(mode & 0o777).toString(8)}` : "";
        throw new Leak(`the file "${file}"${shown}`, sighting);
      }
    }
  }

  /** The programs that the run has started. The first one is the run itself. */
  async #started(): Promise<Started[]> {
    if (this.#log === undefined) return [];
    for (let tries = 0; tries < 500; tries++) {
      const text = await Deno.readTextFile(this.#log);
      const [, first] = /^(\d+) /.exec(text) ?? [];
      // strace may log the end of a program after its parent has continued.
      if (first !== undefined && new RegExp(`^${first} +\\+\\+\\+ `, "m").test(text)) {
        return parseStarted(text);
      }
      await new Promise((wake) => setTimeout(wake, 5));
    }
    throw new Error("strace has not logged the end of fob");
  }
}

function lookAt(where: string, text: string, search: Search): void {
  const found = search.findIn(text);
  if (found !== undefined) throw new Leak(where, found);
}
