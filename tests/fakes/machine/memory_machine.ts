import type { Entry, FoundLock, Machine } from "../../../src/system/machine.ts";

/** A machine that has what it is told to have. */
export class MemoryMachine implements Machine {
  readonly system = "minix z80";
  readonly deno = "2.0.0";
  readonly user = 1000;
  /** What is there, by its path. */
  readonly entries = new Map<string, Entry>();
  readonly programs = new Map<string, string>();
  /** The locks, by their directory. */
  readonly locks = new Map<string, FoundLock[]>();

  /** Puts a file or a directory at `path`; this user's, and private, unless `more` says otherwise. */
  put(path: string, kind: "file" | "directory", more: Partial<Entry> = {}): void {
    const mode = kind === "file" ? 0o600 : 0o700;
    this.entries.set(path, { kind, isLink: false, mode, owner: this.user, ...more });
  }

  entry(path: string): Promise<Entry | undefined> {
    return Promise.resolve(this.entries.get(path));
  }

  beside(path: string): Promise<string[]> {
    const directory = path.slice(0, path.lastIndexOf("/"));
    const paths = [...this.entries.keys()].filter((it) => it.startsWith(`${directory}/`));
    return Promise.resolve(paths.filter((it) => !it.slice(directory.length + 1).includes("/")));
  }

  locksIn(directory: string): Promise<FoundLock[]> {
    return Promise.resolve(this.locks.get(directory) ?? []);
  }

  findProgram(program: string): Promise<string | undefined> {
    return Promise.resolve(this.programs.get(program));
  }
}
