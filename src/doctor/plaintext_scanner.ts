import type { Environment } from "../system/environment.ts";

/** A tool that keeps secrets in files, of which fob tells but takes none. */
export interface PlaintextScanner {
  readonly tool: string;
  /** The files that the tool would read in `environment`. */
  paths(environment: Environment): string[];
  /**
   * Where in the text of the file at `path` secrets stand: a host, a key; no part of one. Empty values and
   * references to variables are none.
   *
   * @throws {FobError} `config_invalid` for a text that cannot be read.
   */
  find(text: string, path: string): string[];
}
