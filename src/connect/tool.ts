import type { ModelAddress, ModelPlace } from "../api/model_address.ts";
import type { Environment } from "../system/environment.ts";
import type { System } from "../system/files/paths.ts";
import type { Edit } from "../text/formats/settings_format.ts";

/** A tool that can be connected: the changes that make it use fob. Data and pure functions. */
export interface Tool {
  /** Its name, as typed on the command line. */
  readonly tool: string;
  /** Whether its requests name no host, so that a profile must be named. */
  readonly needsProfile?: boolean;
  /** Whether it can use fob for any host, so that no host needs to be known. */
  readonly takesAnyAddress?: boolean;
  /** The places of models for a coding agent, by the IDs of their platforms. Absent for other tools. */
  readonly places?: Readonly<Record<string, ModelPlace>>;
  /** A notice for the user who connects it. */
  readonly remark?: string;
  /** The changes, in the order in which they are made. They are undone in reverse order. */
  connect(request: ConnectRequest): readonly Change[];
  /**
   * Returns the arguments of the commands that undo a {@link Command} with that `note`, if it is still in effect.
   * `seen` is the output of {@link CommandChange.look}.
   */
  undoCommands?(note: readonly string[], seen: string): readonly (readonly string[])[];
}

/** The request to connect a tool. */
export interface ConnectRequest {
  /** The path by which other programs run fob. */
  readonly fob: string;
  /** fob's directory for files for other tools. */
  readonly folder: string;
  /** The origins that the token is for. A named origin or the profile's own comes first. */
  readonly origins: readonly string[];
  /** The named profile. No other profile may answer then. */
  readonly profile?: string;
  /** The model that a coding agent uses. */
  readonly model?: ModelAddress;
  readonly environment: Environment;
  readonly system: System;
}

/** One change for a tool. */
export type Change = SettingsChange | CommandChange | FileChange | LinkChange;

/** Values in a settings file. */
export interface SettingsChange {
  readonly kind: "settings";
  readonly path: string;
  /** A file that the tool reads instead, if it exists. */
  readonly older?: string;
  /** Whether to do nothing if the file does not exist. */
  readonly isOptional?: true;
  readonly format: string;
  /**
   * Returns the values to set in `text`, the text of the file.
   *
   * @throws {FobError} `declined` if they cannot be set.
   */
  edits(text: string): readonly Edit[];
}

/** A change that the tool's own command makes in its own files. */
export interface CommandChange {
  readonly kind: "command";
  readonly program: string;
  /** The files that the command may change. */
  readonly files: readonly string[];
  /** The arguments that make the command print its current settings. */
  readonly look: readonly string[];
  /**
   * Returns the commands to run. `seen` is the output of `look`. Empty if no change is needed.
   *
   * @throws {FobError} `declined` if the change is not possible.
   */
  commands(seen: string): readonly Command[];
  /** A notice for the user. */
  readonly remark?: string;
}

export interface Command {
  /** The arguments of each run, in order. */
  readonly runs: readonly (readonly string[])[];
  /** The data that `undoCommands` needs. Never a secret. */
  readonly note: readonly string[];
}

/** A file that fob creates for the tool. */
export interface FileChange {
  readonly kind: "file";
  readonly path: string;
  readonly text: string;
  /** Whether it is executable. */
  readonly runs?: boolean;
}

/** A link to fob with the name that the tool looks for. */
export interface LinkChange {
  readonly kind: "link";
  /** Without the extension of programs on Windows. */
  readonly name: string;
  /** The directory of the link; a directory on `PATH` if absent. */
  readonly directory?: string;
}
