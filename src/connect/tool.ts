import type { ModelAddress, ModelPlace } from "../api/model_address.ts";
import type { Environment } from "../system/environment.ts";
import type { System } from "../system/files/paths.ts";
import type { Edit } from "../text/formats/settings_format.ts";

/** A tool that can be pointed at fob: what has to change for it to ask fob. Data and pure functions. */
export interface Tool {
  /** Its name, as a person types it. */
  readonly tool: string;
  /** Whether it says no address when it asks, so that a profile must be named. */
  readonly needsProfile?: boolean;
  /** Whether it can ask fob at whatever address it has, so that none has to be known. */
  readonly takesAnyAddress?: boolean;
  /** Where platforms have models for it, by the platforms' ids: it is a coding agent. */
  readonly places?: Readonly<Record<string, ModelPlace>>;
  /** What a person has to know who connects it. */
  readonly remark?: string;
  /** The changes, in the order in which they are made; they are taken back the other way round. */
  connect(wish: ConnectRequest): readonly Change[];
  /**
   * The words of the commands that take back what is noted of {@link Command}, as far as it is there still,
   * where `seen` is what the tool tells.
   */
  takeBack?(note: readonly string[], seen: string): readonly (readonly string[])[];
}

/** What a tool is to be pointed at. */
export interface ConnectRequest {
  /** The path by which other programs run fob. */
  readonly fob: string;
  /** A folder of fob's own, for what it makes for other tools. */
  readonly folder: string;
  /** The origins that take the token, the one that a person named or the profile's own first. */
  readonly origins: readonly string[];
  /** The profile that a person named: no other shall answer. */
  readonly profile?: string;
  /** The model that a coding agent shall use. */
  readonly model?: ModelAddress;
  readonly environment: Environment;
  readonly system: System;
}

/** One thing that is changed for a tool. */
export type Change = SettingsChange | CommandChange | FileChange | LinkChange;

/** Values in a file of settings. */
export interface SettingsChange {
  readonly kind: "settings";
  readonly path: string;
  /** A file that the tool reads in place of that, where it is there. */
  readonly older?: string;
  /** Whether it is left alone where there is no such file. */
  readonly isOptional?: true;
  readonly format: string;
  /**
   * What to set, where `text` is what the file holds.
   *
   * @throws {FobError} `declined` where it cannot be done.
   */
  edits(text: string): readonly Edit[];
}

/** Something that the tool's own command changes in its own files. */
export interface CommandChange {
  readonly kind: "command";
  readonly program: string;
  /** The files that it may change. */
  readonly files: readonly string[];
  /** The words that make it tell what there is. */
  readonly look: readonly string[];
  /**
   * What to run, where `seen` is what it tells; nothing where all is as it shall be.
   *
   * @throws {FobError} `declined` where it cannot be done.
   */
  commands(seen: string): readonly Command[];
  /** What a person should know of it. */
  readonly remark?: string;
}

export interface Command {
  /** The words of what is run, one after the other. */
  readonly runs: readonly (readonly string[])[];
  /** What `takeBack` has to know of it. Never a secret. */
  readonly note: readonly string[];
}

/** A file of fob's own, that the tool is told the path of. */
export interface FileChange {
  readonly kind: "file";
  readonly path: string;
  readonly text: string;
  /** Whether it is a program. */
  readonly runs?: boolean;
}

/** A link to fob, by the name that the tool looks for. */
export interface LinkChange {
  readonly kind: "link";
  /** Without the ending that programs have on Windows. */
  readonly name: string;
  /** Where it has to be; somewhere on `PATH` where it is absent. */
  readonly directory?: string;
}
