import type { LoginNeeds } from "../credentials/login.ts";
import type { Storage, Stores } from "../credentials/storage.ts";
import type { Access, AccessPlace, Choosable } from "../databricks/access.ts";
import type { ExamineNeeds } from "../doctor/run_checks.ts";
import type { MintNeeds } from "../leases/open.ts";
import type { ChoiceNeeds } from "../profiles/choose.ts";
import type { Profiles, ProfileWish } from "../profiles/profile_file.ts";
import type { ProfileFile, ProfileSource } from "../profiles/profile_source.ts";
import type { Secret } from "../secret.ts";
import type { AuditEntry } from "../system/audit_log.ts";
import type { RunProgram } from "../system/child.ts";
import type { Clock } from "../system/clock.ts";
import type { Environment } from "../system/environment.ts";
import type { Directories } from "../system/files/directories.ts";
import type { TextFile } from "../system/files/text_file.ts";
import type { Locks } from "../system/files/locks.ts";
import type { Notes } from "../system/files/notes.ts";
import type { ReadyFile } from "../system/files/ready_file.ts";
import type { RunRecords } from "../system/files/run_records.ts";
import type { PassingFolder } from "../system/files/temporary_directory.ts";
import type { Installation } from "../system/installation.ts";
import type { HeldInterrupts } from "../system/interrupts.ts";
import type { ServeLoopback } from "../system/loopback_endpoint.ts";
import type { Machine } from "../system/machine.ts";
import type { OtherTools } from "../system/other_tools.ts";
import type { Terminal } from "../system/terminal.ts";
import type { Transfer } from "../system/transfer.ts";
import type { AccessTokenNeeds } from "../tokens/access_token.ts";
import type { MachineNeeds } from "../tokens/workload_token.ts";

/**
 * What `src/composition` builds and commands pick from. A use case never sees it: it declares what it needs
 * itself.
 */
export interface World {
  readonly version: string;
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** When this process started, milliseconds since the epoch. */
  readonly startedAt: () => Promise<number>;
  /** The name that this process was called by, without its directory: a link's own. */
  readonly calledAs: () => Promise<string>;
  /** How this program came to the machine. */
  readonly installation: () => Promise<Installation>;
  readonly directories: () => Directories;
  readonly locks: () => Locks;
  /** What one run leaves for the next. */
  readonly notes: () => Notes;
  /** The process that started this one. */
  readonly parent: number;
  /** Where this process runs. */
  readonly here: ChoiceNeeds["here"];
  /** The file that the profiles of a provider stand in; fob's own where none is named. */
  readonly profileFile: (profile?: { readonly provider: string }) => ProfileFile;
  /** The profile files of other tools. */
  readonly profileSources: readonly ProfileSource[];
  /** The profiles, as they stand now; where fob's own file has whom `wish` is for, of that file alone. */
  readonly profiles: (wish?: ProfileWish) => Promise<Profiles>;
  /** A file of another tool. */
  readonly foreignFile: (path: string) => Promise<TextFile>;
  /** What is changed for other tools. */
  readonly otherTools: () => Promise<OtherTools>;
  /** The platforms that a person can sign in to. */
  readonly platforms: ChoiceNeeds["platforms"];
  /**
   * Opens the store that this machine keeps the credentials of a provider in. `config_invalid` where the
   * mode that is set is not for that provider.
   */
  readonly storage: (profile?: { readonly provider: string }) => Promise<Storage>;
  /** Opens both places that a credential can be in, to move what is in them. */
  readonly stores: () => Promise<Stores>;
  /** Opens the stores to look at them: nothing is moved, noted or unlocked. */
  readonly untouchedStores: ExamineNeeds["stores"];
  /** How the logins of a platform are kept: by fob's settings, or by those of the platform's tools. */
  readonly storageMode: ExamineNeeds["storageMode"];
  /** The machine, to look at it. */
  readonly machine: () => Promise<Machine>;
  /** The commands that would open an address, best first, each with its arguments. */
  readonly openers: () => Promise<string[][]>;
  /** The provider of that id. Throws `FobError` `config_invalid` for an id that is nobody's. */
  readonly provider: (id: string) => Promise<LoginNeeds["provider"]>;
  /** What the issuer of this machine's identity says of it. */
  readonly identity: MachineNeeds["identity"];
  /** Asks a Databricks host whether it takes a token, and whose it is. Throws where it cannot be reached. */
  readonly databricksAccess: (place: AccessPlace, token: Secret) => Promise<Access>;
  /** What there is at a Databricks host for a person to choose from. Throws what the host answers. */
  readonly databricksLists: (
    kind: "workspaces" | "clusters",
    place: AccessPlace,
    token: Secret,
  ) => Promise<readonly Choosable[]>;
  /**
   * The address that a person gave as `what`. Throws `FobError` `usage` where it is none, has credentials
   * in it, or would send tokens in the clear.
   */
  readonly secureAddress: (text: string, what: string) => Promise<URL>;
  /**
   * Who makes tokens for `host` by an API of its own; `undefined` where the platform has none there. The
   * token that it is asked with is the only credential that it uses.
   */
  readonly tokenIssuer: (provider: string, host: string) => Promise<
    MintNeeds["issuer"] | undefined
  >;
  /** The name of the person who created the app of a platform, asked with the app's own token. */
  readonly appCreator: (
    provider: string,
    ...asked: [host: string, app: string, token: Secret]
  ) => Promise<string | undefined>;
  /** The records of the runs on this machine. */
  readonly runRecords: () => Promise<RunRecords>;
  readonly uninterrupted: AccessTokenNeeds["uninterrupted"];
  /** Runs what may take long, so that this process can be stopped meanwhile wherever it runs. */
  readonly stoppable: <T>(work: () => Promise<T>) => Promise<T>;
  /** Keeps signals from ending this process, until that is disposed of. */
  readonly holdInterrupts: () => HeldInterrupts;
  /** Runs a program with this one's streams. */
  readonly runProgram: RunProgram;
  /** The path of another program of that name than fob, by `PATH`. */
  readonly otherProgram: (name: string) => Promise<string | undefined>;
  /**
   * Appends lines to the file by which a CI service takes what a step leaves, after something was announced
   * to that service.
   */
  readonly appendToStep: (path: string, lines: string, announce: () => void) => Promise<void>;
  /** A folder for files that shall be gone soon. */
  readonly passingFolder: () => Promise<PassingFolder>;
  /** Listens on this computer alone. */
  readonly loopback: () => Promise<ServeLoopback>;
  /** The file at `path` that says that a program is ready. */
  readonly readyFile: (path: string) => Promise<ReadyFile>;
  /** The network and the streams, for bytes that are passed on as they come. */
  readonly transfer: () => Promise<Transfer>;
  /** Opens an address in the person's browser; `false` where that fails. */
  readonly openBrowser: (url: URL) => Promise<boolean>;
  /** Whether there is a browser to open. */
  readonly hasBrowser: () => Promise<boolean>;
  /**
   * Writes to the audit log where there is to be one. Never fails but for `config_invalid`, where what asks
   * for it says neither yes nor no.
   */
  readonly audit: (entry: AuditEntry) => Promise<void>;
  /** Says something that people should know, once. */
  readonly notice: (text: string) => void;
  /** Says what was decided and why, where `--verbose` asks for it. */
  readonly trace: (text: string) => void;
}
