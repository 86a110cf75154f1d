import type { ForeignFile } from "../../../src/system/files/foreign_file.ts";

/** Another tool's file, in memory. */
export class MemoryForeignFile implements ForeignFile {
  readonly path: string;
  readonly backupPath: string;
  /** Called before each write, which does not happen where it throws. */
  readonly #before: (step: string) => void;
  text: string;
  backup = "";

  constructor(text: string, path = "file", before: (step: string) => void = () => {}) {
    this.text = text;
    this.path = path;
    this.backupPath = `${path}.fob-backup`;
    this.#before = before;
  }

  read(): Promise<string> {
    return Promise.resolve(this.text);
  }

  readBackup(): Promise<string> {
    return Promise.resolve(this.backup);
  }

  write(text: string): Promise<void> {
    return this.#do("write", () => this.text = text);
  }

  writeBackup(text: string): Promise<void> {
    return this.#do("writeBackup", () => this.backup = text);
  }

  removeBackup(): Promise<void> {
    return this.#do("removeBackup", () => this.backup = "");
  }

  // deno-lint-ignore require-await
  async #do(step: string, act: () => void): Promise<void> {
    this.#before(step);
    act();
  }
}
