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

/** What a run was given by whoever started it: what is passed on of it is no secret that fob gave away. */
export interface Given {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Where a run is, and what can be known of it there. */
export interface Site {
  readonly places: Places;
  /** Whether the programs that the run starts can be watched. */
  readonly hasStrace: boolean;
  /** Whether files say who may read them. */
  readonly hasModes: boolean;
}

/** A secret is where none may be. */
export class Leak extends Error {
  override readonly name = "Leak";

  constructor(where: string, { secret, encoding }: Sighting) {
    super(`A secret is in ${where}: "${secret}", ${encoding}`);
  }
}

/** Looks for secrets in what one run of fob leaves and starts. */
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

  /** Before the run begins. */
  static async begin(secrets: Secrets, site: Site, given: Given): Promise<Watch> {
    const log = site.hasStrace ? await Deno.makeTempFile({ prefix: "fob-started-" }) : undefined;
    const before = await lookInto(await entriesIn(site.places), secrets.searchAll());
    return new Watch(secrets, site, given, before, log);
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
    lookAt("what fob says on stderr", stderr, this.#all);
    lookAt("what fob says on stdout", stdout, this.#unwantedOnStdout(occasion));
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

function lookAt(where: string, text: string, search: Search): void {
  const found = search.findIn(text);
  if (found !== undefined) throw new Leak(where, found);
}
