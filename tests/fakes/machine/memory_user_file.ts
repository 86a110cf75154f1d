import type { UserFile } from "../../../src/system/files/user_file.ts";

/** A person's file, in memory. */
export class MemoryUserFile implements UserFile {
  readonly path: string;
  text: string;
  /** What is kept beside it as `.bak`. */
  backup = "";
  /** How often it was written. */
  writes = 0;

  constructor(text = "", path = "config.ini") {
    this.text = text;
    this.path = path;
  }

  assertWritable(): Promise<void> {
    return Promise.resolve();
  }

  read(): Promise<string> {
    return Promise.resolve(this.text);
  }

  async change(edit: (text: string) => string): Promise<void> {
    const after = edit(await this.read());
    if (after === this.text) return;
    this.backup = this.text;
    this.text = after;
    this.writes++;
  }

  async scrub(edit: (text: string) => string): Promise<void> {
    this.backup = edit(this.backup);
    const after = edit(await this.read());
    if (after === this.text) return;
    this.text = after;
    this.writes++;
  }
}
