import type { Run } from "../acceptance/runner/program.ts";
import type { Keeping, LoginHome } from "../interop/login/login_home.ts";

/** How a run of fob ended, and what it said. */
export type Ending = Pick<Run, "code" | "stdout" | "stderr">;

/** A command that runs, and is about to be killed. */
export interface Attempt {
  readonly process: Deno.ChildProcess;
  readonly ending: Promise<Ending>;
}

/** `told`: the server has spent a refresh token whose answer nobody could keep, and fob says so. */
export type Finish = "done" | "told";

/** A directory that holds all that a command may write, and a store, in a session of its own where it is a keyring. */
export type ArenaHome = Pick<LoginHome, "directory" | "session" | "store">;

/** The place of one campaign: a home, a server and a store of its own, used for every kill. */
export interface Arena extends AsyncDisposable {
  /** Where the command runs. */
  readonly home: ArenaHome;
  /** Puts everything as it is to be before the command, whatever the kill before has left. */
  setUp(): Promise<void>;
  /** Starts the command, under the program `tracer` where there is one. */
  start(tracer?: readonly string[]): Attempt;
  /** Throws where what the command has left breaks a promise: {@link LostLogin}, or an assertion. */
  check(ending: Ending): Promise<void>;
  /** Runs the command once more, which has to finish what was begun; throws as `check`. */
  finish(): Promise<Finish>;
}

/** A command to kill. */
export interface Campaign {
  readonly name: string;
  readonly stores: readonly Keeping[];
  /** The rigs that it needs on each of them. */
  readonly needs: readonly string[];
  open(keeping: Keeping): Promise<Arena>;
}

export const bothStores: readonly Keeping[] = ["plaintext file", "Secret Service"];

/** A login that was there, or had been told to be, and is no more. */
export class LostLogin extends Error {
  override readonly name = "LostLogin";
}
