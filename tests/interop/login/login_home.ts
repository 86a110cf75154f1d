import type { OAuthCredential } from "../../../src/credentials/credential.ts";
import { readCredential, writeCredential } from "../../../src/credentials/envelope.ts";
import { present } from "../../../src/present.ts";
import { Secret } from "../../../src/secret.ts";
import { PlaintextFileStore } from "../../../src/stores/plaintext_file.ts";
import type { SecretStore } from "../../../src/stores/secret_store.ts";
import { systemClock } from "../../../src/system/clock.ts";
import type { FileLock } from "../../../src/system/files/file_lock.ts";
import { fileLocks } from "../../../src/system/files/locks.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import {
  type AuthorizationServer,
  startAuthorizationServer,
} from "../../fakes/servers/authorization_server.ts";
import { type Session, startSession } from "../../rigs/keyring.ts";
import { denoDirectory, RemoteStore } from "../../rigs/remote_store.ts";

/** The store of a test's login. */
export type StoreName = "plaintext file" | "Secret Service";

/** Lifetime of the first token in milliseconds. */
const hour = 3_600_000;
const account = "oidc:work";

/** A temporary home with the profile `work`, signed in at a new server. */
export class LoginHome implements AsyncDisposable {
  readonly server: AuthorizationServer;
  /** The directory of the home and all XDG directories. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly store: SecretStore;
  /** The login session with the keyring; absent for a plaintext file. */
  readonly session: Session | undefined;
  readonly #fob: readonly string[];
  readonly #cleanups: AsyncDisposableStack;

  constructor(
    parts: Pick<LoginHome, "server" | "directory" | "environment" | "store" | "session">,
    fob: readonly string[],
    cleanups: AsyncDisposableStack,
  ) {
    this.server = parts.server;
    this.directory = parts.directory;
    this.environment = parts.environment;
    this.store = parts.store;
    this.session = parts.session;
    this.#fob = fob;
    this.#cleanups = cleanups;
  }

  get configFile(): string {
    return `${this.directory}/.config/fob/config.ini`;
  }

  /** The directory of locks and `credentials.json`. */
  get state(): string {
    return `${this.directory}/.local/state/fob`;
  }

  /** The lock file of the login. Its text is the refresh journal. */
  get lockFile(): string {
    return `${this.state}/locks/${encodeURIComponent(account)}.lock`;
  }

  /** Runs fob to its end, under the program `tracer` if given. `stdin` is a file. */
  run(
    args: readonly string[],
    variables: Readonly<Record<string, string>> = {},
    tracer: readonly string[] = [],
    stdin?: string,
  ): Promise<Run> {
    return runProgram([...tracer, ...this.#fob, ...args], {
      cwd: this.directory,
      env: { ...this.environment, ...variables },
      ...present({ stdin }),
    });
  }

  /** Starts fob, under the program `tracer` if given. */
  start(args: readonly string[], tracer: readonly string[] = []): Deno.ChildProcess {
    const [program = "", ...words] = [...tracer, ...this.#fob, ...args];
    return new Deno.Command(program, {
      args: words,
      cwd: this.directory,
      clearEnv: true,
      env: { ...this.environment },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Sets the host of the profile, with a login that is `age` milliseconds old. */
  async signInTo(host: string, age: number): Promise<OAuthCredential> {
    await Deno.writeTextFile(this.configFile, `host = ${host}\n`, { append: true });
    const credential = { ...await this.signIn(age), host };
    await writeCredential(account, credential, this.store);
    return credential;
  }

  /** Signs in at the server and stores the login as `age` milliseconds old. */
  async signIn(age: number): Promise<OAuthCredential> {
    const tokens = await deviceGrant(this.server.issuer);
    const obtainedAt = Date.now() - age;
    const credential: OAuthCredential = {
      kind: "oauth",
      issuer: this.server.issuer,
      clientId: "fob",
      tokens: { ...tokens, tokenType: "Bearer", obtainedAt, expiresAt: obtainedAt + hour },
    };
    await writeCredential(account, credential, this.store);
    await this.noteKeychain(account);
    return credential;
  }

  /** Writes fob's note of a keychain login, which sessions without the keychain read. */
  async noteKeychain(account: string): Promise<void> {
    if (this.session === undefined) return;
    await Deno.mkdir(`${this.state}/keychain`, { recursive: true, mode: 0o700 });
    const note = `${this.state}/keychain/${encodeURIComponent(account)}`;
    await Deno.writeTextFile(note, "", { mode: 0o600 });
  }

  /** The stored login.
   *
   * @throws {Error} if it is missing or invalid. */
  async kept(): Promise<OAuthCredential> {
    const credential = await readCredential(account, this.store);
    if (credential?.kind === "oauth") return credential;
    throw new Error(`No login in ${this.store.location}`);
  }

  /** Takes the lock of the login, like another fob. */
  lock(): Promise<FileLock> {
    const directories = { config: `${this.directory}/.config/fob`, state: this.state };
    return fileLocks(directories, systemClock(), () => {}).take(account, 1_000);
  }

  /**
   * Resolves when all of `processes` have the lock file open: they wait for the lock or hold it. Uses
   * Linux's `/proc`.
   */
  async untilAtLock(processes: readonly Deno.ChildProcess[]): Promise<void> {
    const deadline = performance.now() + 50_000;
    for (let there = 0; there < processes.length;) {
      if (performance.now() > deadline) throw new Error(`Only ${there} processes came to the lock`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const open = await Promise.all(processes.map(({ pid }) => hasOpen(pid, this.lockFile)));
      there = open.filter(Boolean).length;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanups.disposeAsync();
  }
}

/** Opens a home with an expired token: the next call refreshes it. */
export async function openLoginHome(storeName: StoreName): Promise<LoginHome> {
  await using cleanups = new AsyncDisposableStack();
  const server = await startAuthorizationServer();
  cleanups.defer(() => server.close());
  server.deviceApproveAfter(0);
  const session = storeName === "plaintext file"
    ? undefined
    : cleanups.use(await startSession("unlocked"));
  const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "fob-login-" }));
  cleanups.defer(() => Deno.remove(directory, { recursive: true }));
  const environment = environmentIn(directory, session?.environment);
  const store = session === undefined
    ? new PlaintextFileStore({
      path: `${directory}/.local/state/fob/credentials.json`,
      clock: systemClock(),
      notice: () => {},
    })
    : cleanups.use(new RemoteStore(session.environment));
  const parts = { server, directory, environment, store, session };
  const owned = new AsyncDisposableStack();
  const home = new LoginHome(parts, await fobCommand(), owned);
  await Deno.mkdir(home.configFile.replace(/\/[^/]*$/, ""), {
    recursive: true,
    mode: 0o700,
  });
  await Deno.writeTextFile(
    home.configFile,
    `[work]\nprovider = oidc\nissuer = ${server.issuer}\nclient_id = fob\n`,
    { mode: 0o600 },
  );
  await home.signIn(2 * hour);
  owned.use(cleanups.move());
  return home;
}

/** An environment without the user's own variables, except PATH and Deno's cache. */
function environmentIn(
  directory: string,
  session: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  return {
    ...session ?? { FOB_AUTH_STORAGE: "plaintext" },
    HOME: directory,
    PATH: Deno.env.get("PATH") ?? "",
    LANG: "C.UTF-8",
    DENO_DIR: denoDirectory(),
    DENO_NO_UPDATE_CHECK: "1",
  };
}

/** A device authorization (RFC 8628) that is already approved. */
async function deviceGrant(issuer: string): Promise<{ accessToken: Secret; refreshToken: Secret }> {
  const post = async (path: string, form: Record<string, string>): Promise<unknown> => {
    const body = new URLSearchParams({ client_id: "fob", ...form });
    return await (await fetch(`${issuer}/${path}`, { method: "POST", body })).json();
  };
  const started = await post("device_authorization", { scope: "offline_access" });
  const { device_code } = started as { device_code: string };
  const granted = await post("token", {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code,
  });
  const tokens = granted as { access_token: string; refresh_token: string };
  return {
    accessToken: new Secret(tokens.access_token),
    refreshToken: new Secret(tokens.refresh_token),
  };
}

/** The token in the output of `fob auth token`. */
export function tokenIn(run: Pick<Run, "stdout" | "stderr" | "code">): string {
  if (run.code !== 0) throw new Error(`fob exited with ${run.code}: ${run.stderr}`);
  return (JSON.parse(run.stdout) as { access_token: string }).access_token;
}

/** Waits for a started program to end. */
export async function ended(child: Deno.ChildProcess): Promise<Omit<Run, "argv">> {
  const [{ code }, stdout, stderr] = await Promise.all([
    child.status,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.stdin.close().catch(() => {}),
  ]);
  return { code, stdout, stderr };
}

async function hasOpen(pid: number, path: string): Promise<boolean> {
  try {
    for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
      const target = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
      if (target === path) return true;
    }
  } catch (error) {
    // It has ended, or it has read the keyring and only root may look. It counts as not waiting.
    if (!(error instanceof Deno.errors.PermissionDenied)) return false;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return true;
  }
  return false;
}
