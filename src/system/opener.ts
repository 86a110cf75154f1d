/** A command that opens a URL. */
export interface Opener {
  /** The program, and its arguments. */
  readonly argv: readonly string[];
  /** Additional environment variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether the arguments are a Windows command line, already quoted for the program. */
  readonly isCommandLine?: boolean;
}
