import type { Environment } from "../system/environment.ts";

/** Finds secrets in the files of a tool that fob cannot migrate from. */
export interface PlaintextScanner {
  readonly tool: string;
  /** The files that the tool would read in `environment`. */
  paths(environment: Environment): string[];
  /**
   * The places of secrets in the text of the file at `path`: hosts or keys, no part of a secret. Empty values and
   * references to variables do not count.
   *
   * @throws {FobError} `config_invalid` for a text that cannot be parsed.
   */
  find(text: string, path: string): string[];
}
