import type { LoginNeeds } from "../credentials/login.ts";
import type { Storage, Stores } from "../credentials/storage.ts";
import type { Access, AccessPlace, Choosable } from "../databricks/access.ts";
import type { CheckNeeds } from "../doctor/run_checks.ts";
import type { MintNeeds } from "../leases/open.ts";
import type { ChoiceNeeds } from "../profiles/choose.ts";
import type { ProfileQuery, Profiles } from "../profiles/profile_file.ts";
import type { ProfileFile, ProfileSource } from "../profiles/profile_source.ts";
import type { Secret } from "../secret.ts";
import type { AuditEntry } from "../system/audit_log.ts";
import type { RunProgram } from "../system/child.ts";
import type { Clock } from "../system/clock.ts";
import type { Environment } from "../system/environment.ts";
import type { Directories } from "../system/files/directories.ts";
import type { Locks } from "../system/files/locks.ts";
import type { Notes } from "../system/files/notes.ts";
import type { ReadyFile } from "../system/files/ready_file.ts";
import type { RunRecords } from "../system/files/run_records.ts";
import type { TemporaryDirectory } from "../system/files/temporary_directory.ts";
import type { TextFile } from "../system/files/text_file.ts";
import type { Installation } from "../system/installation.ts";
import type { HeldInterrupts } from "../system/interrupts.ts";
import type { ServeLoopback } from "../system/loopback_endpoint.ts";
import type { Machine } from "../system/machine.ts";
import type { OtherTools } from "../system/other_tools.ts";
import type { Terminal } from "../system/terminal.ts";
import type { Transfer } from "../system/transfer.ts";
import type { AccessTokenNeeds } from "../tokens/access_token.ts";
import type { WorkloadNeeds } from "../tokens/workload_token.ts";

/**
 * The product of `src/composition`, for `src/cli` alone. A command takes what it needs from it and hands a use
 * case exactly what that declares. It is never spread.
 */
export interface CommandContext {
  readonly io: ContextIo;
  readonly system: ContextSystem;
  readonly storage: ContextStorage;
  readonly providers: ContextProviders;
  readonly tools: ContextTools;
  readonly machine: ContextMachine;
}

/** Where answers and messages go. */
interface ContextIo {
  readonly terminal: Terminal;
  /** Prints a notice, once. */
  readonly notice: (text: string) => void;
  /** Prints a decision and its reason, with `--verbose`. */
  readonly trace: (text: string) => void;
  /**
   * Writes to the audit log if it is enabled. Throws `FobError` `config_invalid` if its setting is not a
   * boolean, and nothing else.
   */
  readonly audit: (entry: AuditEntry) => Promise<void>;
  /** The network and the streams, for bytes that are passed through. */
  readonly transfer: () => Promise<Transfer>;
}

/** The operating system: environment, time, files, locks, signals. */
interface ContextSystem {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly directories: () => Directories;
  readonly locks: () => Locks;
  /** Values that one run of fob keeps for the next. */
  readonly notes: () => Notes;
  /** The records of the runs on this machine. */
  readonly runRecords: () => Promise<RunRecords>;
  /** A file of another tool. */
  readonly foreignFile: (path: string) => Promise<TextFile>;
  /** The file at `path` that reports that a program is ready. */
  readonly readyFile: (path: string) => Promise<ReadyFile>;
  readonly temporaryDirectory: () => Promise<TemporaryDirectory>;
  /** Listens on this computer alone. */
  readonly loopback: () => Promise<ServeLoopback>;
  readonly uninterrupted: AccessTokenNeeds["uninterrupted"];
  /** Runs `work` such that signals can end this process meanwhile. */
  readonly stoppable: <T>(work: () => Promise<T>) => Promise<T>;
  /** Keeps signals from ending this process, until it is disposed of. */
  readonly holdInterrupts: () => HeldInterrupts;
}

/** Where profiles and credentials are kept. */
interface ContextStorage {
  /** The file of the profiles of a provider; fob's own by default. */
  readonly profileFile: (profile?: { readonly provider: string }) => ProfileFile;
  /** The profile files of other tools. */
  readonly profileSources: readonly ProfileSource[];
  /** Reads the profiles. If fob's own file has the profile that `query` names, reads only that file. */
  readonly profiles: (query?: ProfileQuery) => Promise<Profiles>;
  /**
   * Opens the store that keeps the credentials of a provider on this machine. Throws `FobError`
   * `config_invalid` if the mode that is set does not support that provider.
   */
  readonly open: (profile?: { readonly provider: string }) => Promise<Storage>;
  /** Opens both stores, to move credentials between them. */
  readonly stores: () => Promise<Stores>;
  /** Opens the stores to inspect them: nothing is moved, noted or unlocked. */
  readonly inspectedStores: CheckNeeds["stores"];
  /** The storage mode of a platform, from fob's settings or from the settings of the platform's tools. */
  readonly storageMode: CheckNeeds["storageMode"];
}

/** The providers of tokens. */
interface ContextProviders {
  /** The platforms that users can sign in to. */
  readonly platforms: ChoiceNeeds["platforms"];
  /** Opens the provider with that id. Throws `FobError` `config_invalid` for an unknown id. */
  readonly open: (id: string) => Promise<LoginNeeds["provider"]>;
  /** Requests an ID token from the issuer of this workload. */
  readonly identity: WorkloadNeeds["identity"];
  /**
   * Returns the API that creates tokens for `host`; `undefined` if the platform has none there. The token that
   * it is called with is the only credential that it uses.
   */
  readonly tokenIssuer: (provider: string, host: string) => Promise<
    MintNeeds["issuer"] | undefined
  >;
  /** The name of the user who created an app of a platform, requested with the token of the app. */
  readonly appCreator: (
    provider: string,
    ...asked: [host: string, app: string, token: Secret]
  ) => Promise<string | undefined>;
  /** Asks a Databricks host whether it accepts a token, and for its user. Throws if the host is unreachable. */
  readonly databricksAccess: (place: AccessPlace, token: Secret) => Promise<Access>;
  /** Lists the workspaces or clusters of a Databricks host. Throws the host's error. */
  readonly databricksLists: (
    kind: "workspaces" | "clusters",
    place: AccessPlace,
    token: Secret,
  ) => Promise<readonly Choosable[]>;
  /**
   * Parses the address of `what`. Throws `FobError` `usage` if it is not an address, contains credentials, or is
   * not secure.
   */
  readonly secureAddress: (text: string, what: string) => Promise<URL>;
}

/** Other programs on this machine. */
interface ContextTools {
  /** Changes the settings of other tools. */
  readonly otherTools: () => Promise<OtherTools>;
  /** Runs a program with this one's streams. */
  readonly runProgram: RunProgram;
  /** The path of a program of that name other than fob, by `PATH`. */
  readonly otherProgram: (name: string) => Promise<string | undefined>;
  /** Calls `announce`, then appends lines to the file that a CI service reads after the step. */
  readonly appendToStep: (path: string, lines: string, announce: () => void) => Promise<void>;
  /** The commands that can open an address, best first, each with its arguments. */
  readonly openers: () => Promise<string[][]>;
  /** Opens an address in the browser; `false` if that fails. */
  readonly openBrowser: (url: URL) => Promise<boolean>;
  /** Whether there is a browser to open. */
  readonly hasBrowser: () => Promise<boolean>;
}

/** This program, this process and the machine that it runs on. */
interface ContextMachine {
  readonly version: string;
  /** When this process started, milliseconds since the epoch. */
  readonly startedAt: () => Promise<number>;
  /** The file name that this process was started by. For a link, the name of the link. */
  readonly calledAs: () => Promise<string>;
  /** How this program was installed. */
  readonly installation: () => Promise<Installation>;
  /** The id of the process that started this one. */
  readonly parent: number;
  /** Where this process runs. */
  readonly workingDirectory: ChoiceNeeds["workingDirectory"];
  /** The machine, to inspect it. */
  readonly inspect: () => Promise<Machine>;
}
