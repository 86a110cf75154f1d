import type { ModelAddress, ModelPlace } from "../api/model_address.ts";
import { type JsonObject, parseObject } from "../text/json_object.ts";

/** A coding agent: how to set the address of its model and its way to get a token. Data and pure functions. */
export interface Agent {
  /** The name of its program, as typed on the command line. */
  readonly program: string;
  readonly title: string;
  /** The version of the agent that this description was verified with. */
  readonly verifiedVersion: string;
  /** Its npm package; absent if there is none, or if it downloads the program from another site. */
  readonly npm?: AgentPackage;
  /** Whether it runs a command to get a token. If not, it gets the key of a local endpoint. */
  readonly runsCommand: boolean;
  /** The places of models that it supports, by the IDs of their platforms. */
  readonly places: Readonly<Record<string, ModelPlace>>;
  /** The variables that would make it use another credential, or send fob's to another host. */
  readonly outranking: readonly string[];
  /** The path of a settings file of the caller that must be merged with fob's settings. */
  callersFile?(call: AgentCall): string | undefined;
  /**
   * Returns how to start it.
   *
   * @throws {FobError} `usage` if settings of the caller conflict with fob's, or a required value is missing.
   */
  start(access: ModelAccess, call: AgentCall): AgentStart;
}

/** The model that an agent uses, and its way to get a token. */
export interface ModelAccess extends ModelAddress {
  readonly key: TokenCommand | LocalKey;
}

/** A command that prints a token. */
export interface TokenCommand {
  readonly command: readonly [string, ...string[]];
}

/** A key that is valid only for the local endpoint, and the variable that holds it. */
export interface LocalKey {
  readonly variable: string;
  readonly value: string;
}

/** How the caller would start the agent. */
export interface AgentCall {
  readonly args: readonly string[];
  /** The caller's environment. */
  readonly environment: { get(name: string): string | undefined };
  readonly isWindows: boolean;
  /** The text of the file {@link Agent.callersFile}. */
  readonly text?: string;
}

/** How the agent is started instead. */
export interface AgentStart {
  readonly args: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  /** Variables that are set only if the caller has not set them. */
  readonly defaults?: Readonly<Record<string, string>>;
  readonly file?: AgentFile;
}

/** A file that fob writes for an agent. It holds no secret. */
export interface AgentFile {
  /** A relative path, with `/` between the names of directories. */
  readonly name: string;
  readonly text: string;
  /** Whether the agent stores its own files beside it. If not, the file is removed when the agent ends. */
  readonly isKept?: boolean;
  /** The option that takes its path, or the variable that takes its directory. */
  readonly passedBy: { readonly option: string } | { readonly folderVariable: string };
}

/** Whether `key` is a command that prints a token. */
export function isCommand(key: ModelAccess["key"]): key is TokenCommand {
  return "command" in key;
}

/** The JSON object in `text`; an empty object for blank text, `undefined` for anything else. */
export function readObject(text: string): JsonObject | undefined {
  if (text.trim() === "") return {};
  return parseObject(text);
}

/** The npm package of an agent. */
export interface AgentPackage {
  readonly package: string;
  /** Set if `npm install` of the package fails: packages to install instead, and the file to run. */
  readonly bare?: { readonly needs: readonly string[]; readonly file: string };
}
