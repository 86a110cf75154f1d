import type { ModelAddress, ModelPlace } from "../api/model_address.ts";
import { type JsonObject, parseObject } from "../text/json_object.ts";

/** A coding agent that can be told where its model is, and how to come by a token: data and pure functions. */
export interface Agent {
  /** The name of its program, as a person types it. */
  readonly program: string;
  readonly title: string;
  /** The version that all that is said of it was seen in. */
  readonly seenIn: string;
  /** Its npm package; absent if there is none, or if it downloads the program from another site. */
  readonly npm?: AgentPackage;
  /** Whether it runs a command for a token. One that does not is given the key of an endpoint on loopback. */
  readonly runsCommand: boolean;
  /** Where platforms have models that it can speak to, by the platforms' ids. */
  readonly places: Readonly<Record<string, ModelPlace>>;
  /** The variables by which it would take another credential, or send fob's elsewhere. */
  readonly outranking: readonly string[];
  /** The file of the caller's own that its settings are to be read from as well. */
  callersFile?(call: AgentCall): string | undefined;
  /**
   * How to start it.
   *
   * @throws {FobError} `usage` where what the caller has set cannot go with it, or something is not known.
   */
  start(access: ModelAccess, call: AgentCall): AgentStart;
}

/** The model that an agent shall use, and its way to a token. */
export interface ModelAccess extends ModelAddress {
  readonly key: TokenCommand | LocalKey;
}

/** A command that prints a token. */
export interface TokenCommand {
  readonly command: readonly [string, ...string[]];
}

/** A key that is good on loopback alone, and the variable that has it. */
export interface LocalKey {
  readonly variable: string;
  readonly value: string;
}

/** How the caller starts the agent. */
export interface AgentCall {
  readonly args: readonly string[];
  /** The caller's environment. */
  readonly environment: { get(name: string): string | undefined };
  readonly isWindows: boolean;
  /** What {@link Agent.callersFile} holds. */
  readonly text?: string;
}

/** What it is started with in place of what the caller says. */
export interface AgentStart {
  readonly args: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  /** Variables that are set where the caller has not set them. */
  readonly defaults?: Readonly<Record<string, string>>;
  readonly file?: AgentFile;
}

/** A file of fob's own, without a secret. */
export interface AgentFile {
  /** With `/` between the names of folders. */
  readonly name: string;
  readonly text: string;
  /** Whether the agent keeps things of its own beside it; else it is gone when the agent has ended. */
  readonly isKept?: boolean;
  /** The option that takes its path, or the variable that takes the folder. */
  readonly told: { readonly option: string } | { readonly folderVariable: string };
}

/** Whether a way to a token is a command. */
export function isCommand(key: ModelAccess["key"]): key is TokenCommand {
  return "command" in key;
}

/** The object that `text` is in JSON, an empty one where it is blank; `undefined` where it is something else. */
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
