import { StoreProcess, storeProgram } from "./remote_store.ts";
import { missingRigs } from "./rigs.ts";
import { startWindows, type Windows, windowsPath } from "./wine.ts";

const isWindows = Deno.build.os === "windows";

/** Whether a Credential Manager is available for tests. */
export async function hasCredentialManager(): Promise<boolean> {
  return isWindows || !(await missingRigs()).includes("wine");
}

/** A Credential Manager: of Windows itself, or of Wine on other systems. */
export class CredentialManagerRig implements AsyncDisposable {
  readonly #windows: Windows | undefined;

  private constructor(windows: Windows | undefined) {
    this.#windows = windows;
  }

  static async start(): Promise<CredentialManagerRig> {
    return new CredentialManagerRig(isWindows ? undefined : await startWindows());
  }

  /** Starts a test program with pipes, on Windows or under Wine. */
  run(program: string, ...args: string[]): Deno.ChildProcess {
    const flags = ["run", "-q", "--no-check", "--no-lock", "-A"];
    const pipes = { stdin: "piped", stdout: "piped" } as const;
    if (this.#windows !== undefined) {
      return this.#windows.deno([...flags, windowsPath(program), ...args], pipes).spawn();
    }
    return new Deno.Command(Deno.execPath(), { args: [...flags, program, ...args], ...pipes })
      .spawn();
  }

  /** Opens the store in a separate process, with entries under `service`. */
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

/** The Credential Manager store in a separate process. */
export class CredentialManagerProcess extends StoreProcess {
  readonly service: string;

  constructor(service: string, start: () => Deno.ChildProcess) {
    super("credential-manager", start);
    this.service = service;
  }

  /** Deletes all entries of the tests. */
  async clear(): Promise<void> {
    for (const account of await this.list()) await this.delete(account);
  }
}
