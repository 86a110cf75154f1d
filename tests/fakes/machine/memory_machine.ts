import type { Entry, FoundLock, Machine } from "../../../src/system/machine.ts";

/** A fake machine with the given files, programs and locks. */
export class MemoryMachine implements Machine {
  readonly system = "minix z80";
  readonly deno = "2.0.0";
  readonly user = 1000;
  /** Entries by path. */
  readonly entries = new Map<string, Entry>();
  readonly programs = new Map<string, string>();
  /** Locks by directory. */
  readonly locks = new Map<string, FoundLock[]>();

  /** Adds a file or directory at `path`, by default private and owned by this user. */
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
