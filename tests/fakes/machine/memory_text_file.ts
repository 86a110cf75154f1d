import { FobError } from "../../../src/errors.ts";
import type { TextFile } from "../../../src/system/files/text_file.ts";

/** A file of another tool and its backups, in memory. */
export class MemoryTextFile implements TextFile {
  readonly path: string;
  /** The texts by path. */
  readonly #texts: Map<string, string>;
  /** Called before each change. If it throws, the change is not made. */
  readonly #before: (step: string) => void;

  constructor(
    text: string | undefined,
    path = "file",
    before: (step: string) => void = () => {},
    texts = new Map<string, string>(),
  ) {
    this.path = path;
    this.#before = before;
    this.#texts = texts;
    if (text !== undefined) texts.set(path, text);
  }

  /** The text; empty if the file does not exist. */
  get text(): string {
    return this.#texts.get(this.path) ?? "";
  }

  set text(text: string) {
    this.#texts.set(this.path, text);
  }

  /** The text of the backup; empty if it does not exist. */
  get backup(): string {
    return this.beside(".fob-backup").text;
  }

  set backup(text: string) {
    this.beside(".fob-backup").text = text;
  }

  read(): Promise<string> {
    return Promise.resolve(this.text);
  }

  readIfExists(): Promise<string | undefined> {
    return Promise.resolve(this.#texts.get(this.path));
  }

  replace(before: string | undefined, after: string | undefined): Promise<void> {
    return this.#do("replace", () => {
      if (this.#texts.get(this.path) !== before) {
        throw new FobError("declined", `"${this.path}" is being changed by another program`);
      }
      if (after === undefined) this.#texts.delete(this.path);
      else this.text = after;
    });
  }

  overwrite(text: string): Promise<void> {
    return this.#do("overwrite", () => this.text = text);
  }

  remove(): Promise<void> {
    return this.#do("remove", () => this.#texts.delete(this.path));
  }

  beside(suffix: string): MemoryTextFile {
    return new MemoryTextFile(undefined, `${this.path}${suffix}`, this.#before, this.#texts);
  }

  // deno-lint-ignore require-await
  async #do(step: string, act: () => void): Promise<void> {
    this.#before(step);
    act();
  }
}
