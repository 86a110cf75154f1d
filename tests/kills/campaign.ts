import type { Run } from "../acceptance/runner/program.ts";
import type { LoginHome, StoreName } from "../interop/login/login_home.ts";

/** The exit code and output of a run of fob. */
export type Ending = Pick<Run, "code" | "stdout" | "stderr">;

/** A running command that will be killed. */
export interface Attempt {
  readonly process: Deno.ChildProcess;
  readonly ending: Promise<Ending>;
}

/** `reported`: the server has used the refresh token, the response is lost, and fob reports that. */
export type Finish = "done" | "reported";

/** The directory that a command may write to, and a store. A keyring has a session of its own. */
export type ArenaHome = Pick<LoginHome, "directory" | "session" | "store">;

/** The home, server and store of one campaign, used for all of its kills. */
export interface Arena extends AsyncDisposable {
  /** Where the command runs. */
  readonly home: ArenaHome;
  /** Prepares the state before the command, and removes what the previous kill left. */
  setUp(): Promise<void>;
  /** Starts the command, under the program `tracer` if given. */
  start(tracer?: readonly string[]): Attempt;
  /** Checks the invariants after the command.
   *
   * @throws {LostLogin} or an assertion error. */
  check(ending: Ending): Promise<void>;
  /** Runs the command again, which must complete the work. Throws the errors of `check`. */
  finish(): Promise<Finish>;
}

/** A command to kill. */
export interface Campaign {
  readonly name: string;
  readonly stores: readonly StoreName[];
  /** The rigs that it needs on every store. */
  readonly needs: readonly string[];
  open(storeName: StoreName): Promise<Arena>;
}

export const bothStores: readonly StoreName[] = ["plaintext file", "Secret Service"];

/** A login that existed, or was reported as stored, is lost. */
export class LostLogin extends Error {
  override readonly name = "LostLogin";
}
