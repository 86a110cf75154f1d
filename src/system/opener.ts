/** A command that may open an address. */
export interface Opener {
  /** The program, and its arguments. */
  readonly argv: readonly string[];
  /** What is in its environment beside what is in this process's. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether the arguments are already one of Windows' command lines, and quoted as the program wants it. */
  readonly isCommandLine?: boolean;
}
