import type { UserFile } from "../../../src/system/files/user_file.ts";

/** A user file in memory. */
export class MemoryUserFile implements UserFile {
  readonly path: string;
  text: string;
  /** The text of its `.bak`. */
  backup = "";
  /** The number of writes. */
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
