import { StoreProcess, storeProgram } from "./remote_store.ts";
import { missingRigs } from "./rigs.ts";
import { startWindows, type Windows, windowsPath } from "./wine.ts";

const isWindows = Deno.build.os === "windows";

/** Whether there is a Credential Manager to test with. */
export async function hasCredentialManager(): Promise<boolean> {
  return isWindows || !(await missingRigs()).includes("wine");
}

/** A Credential Manager: the running Windows' own, and Wine's anywhere else. */
export class CredentialManagerRig implements AsyncDisposable {
  readonly #windows: Windows | undefined;

  private constructor(windows: Windows | undefined) {
    this.#windows = windows;
  }

  static async start(): Promise<CredentialManagerRig> {
    return new CredentialManagerRig(isWindows ? undefined : await startWindows());
  }

  /** Starts a program of the tests, with pipes, in the Windows that has the Credential Manager. */
  run(program: string, ...args: string[]): Deno.ChildProcess {
    const flags = ["run", "-q", "--no-check", "--no-lock", "-A"];
    const pipes = { stdin: "piped", stdout: "piped" } as const;
    if (this.#windows !== undefined) {
      return this.#windows.deno([...flags, windowsPath(program), ...args], pipes).spawn();
    }
    return new Deno.Command(Deno.execPath(), { args: [...flags, program, ...args], ...pipes })
      .spawn();
  }

  /** The store, in a process of its own, with what `service` sets apart. */
  open(service: string): CredentialManagerProcess {
    return new CredentialManagerProcess(
      service,
      () => this.run(storeProgram, `--service=${service}`),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#windows?.[Symbol.asyncDispose]();
  }
}

/** The Credential Manager store, in a process of its own. */
export class CredentialManagerProcess extends StoreProcess {
  readonly service: string;

  constructor(service: string, start: () => Deno.ChildProcess) {
    super("credential-manager", start);
    this.service = service;
  }

  /** Removes what the tests have kept. */
  async clear(): Promise<void> {
    for (const account of await this.list()) await this.delete(account);
  }
}
