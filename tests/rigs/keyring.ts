/**
 * Real D-Bus session buses and GNOME Keyrings, each in a temporary home. The bus, keyring and home of
 * the user who runs the tests are not touched.
 */

/** The state of a session's keyring at the start. The last three states have no keyring. */
export type KeyringState =
  | "unlocked"
  | "locked"
  | "no-default-collection"
  /** The bus starts the keyring at the first call. */
  | "on-demand"
  /** The bus denies all searches for items. */
  | "denied"
  | "no-provider"
  | "dead-socket"
  | "no-bus";

/** A login session with its own bus. */
export interface Session extends AsyncDisposable {
  /** The environment of programs in this session. */
  readonly environment: Readonly<Record<string, string>>;
  /** Locks the keyring, like a screen lock. */
  lock(): Promise<void>;
  /** Stops the process of the keyring with SIGSTOP: it keeps its bus name and does not respond. */
  freeze(): void;
  thaw(): void;
  /** Kills the bus. */
  killBus(): Promise<void>;
  /** Replaces the bus and the keyring. The stored items are kept, and the keyring is unlocked. */
  restart(): Promise<void>;
  /** The process IDs of the keyring and the bus. */
  readonly pids: { readonly keyring: number; readonly bus: number };
}

/** Starts a session with its keyring in `state`. */
export async function startSession(state: KeyringState): Promise<Session> {
  const home = await Deno.makeTempDir({ prefix: "fob-session-" });
  const runtime = `${home}/run`;
  await Deno.mkdir(runtime, { mode: 0o700 });
  const environment: Record<string, string> = {
    HOME: home,
    PATH: Deno.env.get("PATH") ?? "",
    LANG: "C.UTF-8",
  };
  if (state === "no-bus") return new RunningSession(home, environment, []);
  environment["XDG_RUNTIME_DIR"] = runtime;
  environment["DBUS_SESSION_BUS_ADDRESS"] = `unix:path=${runtime}/bus`;
  const bus = await startBus(home, environment, state);
  const session = new RunningSession(home, environment, [bus]);
  if (state === "dead-socket") await session.killBus();
  else if (state !== "no-provider" && state !== "on-demand") {
    await session.startKeyring(state !== "no-default-collection");
  }
  if (state === "locked") await session.lock();
  return session;
}

class RunningSession implements Session {
  readonly environment: Readonly<Record<string, string>>;
  readonly #home: string;
  #processes: Deno.ChildProcess[];

  constructor(home: string, environment: Record<string, string>, processes: Deno.ChildProcess[]) {
    this.#home = home;
    this.environment = environment;
    this.#processes = processes;
  }

  async startKeyring(unlock: boolean): Promise<void> {
    const keyring = new Deno.Command("gnome-keyring-daemon", {
      args: ["--foreground", "--components=secrets", ...(unlock ? ["--unlock"] : [])],
      clearEnv: true,
      env: this.environment,
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#processes.unshift(keyring);
    const password = keyring.stdin.getWriter();
    if (unlock) await password.write(new TextEncoder().encode("a password for this test"));
    await password.close();
    await until(async () => {
      const answer = await this.#callService("ReadAlias", "string:default");
      return answer.success && (!unlock || !answer.text.includes('object path "/"'));
    });
  }

  async lock(): Promise<void> {
    const answer = await this.#callService(
      "Lock",
      "array:objpath:/org/freedesktop/secrets/collection/login",
    );
    if (!answer.success) throw new Error(`Could not lock the keyring: ${answer.text}`);
  }

  freeze(): void {
    this.#processes[0]?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#processes[0]?.kill("SIGCONT");
  }

  async killBus(): Promise<void> {
    const bus = this.#processes.pop();
    if (bus !== undefined) await end(bus);
  }

  get pids(): Session["pids"] {
    const [keyring, bus] = this.#processes;
    return { keyring: keyring?.pid ?? 0, bus: bus?.pid ?? 0 };
  }

  async restart(): Promise<void> {
    await this.killBus();
    for (const process of this.#processes) await outlive(process);
    await Deno.remove(`${this.#home}/run/bus`);
    this.#processes = [await startBus(this.#home, this.environment, "unlocked")];
    await this.startKeyring(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#processes) await end(process);
    await Deno.remove(this.#home, { recursive: true });
  }

  async #callService(
    method: string,
    ...parameters: string[]
  ): Promise<{ success: boolean; text: string }> {
    const { success, stdout, stderr } = await new Deno.Command("dbus-send", {
      args: [
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        `org.freedesktop.Secret.Service.${method}`,
        ...parameters,
      ],
      clearEnv: true,
      env: this.environment,
    }).output();
    const text = new TextDecoder();
    return { success, text: text.decode(stdout) + text.decode(stderr) };
  }
}

/** Starts a bus. It starts the keyring on demand only in the state "on-demand". */
async function startBus(
  home: string,
  environment: Readonly<Record<string, string>>,
  state: KeyringState,
): Promise<Deno.ChildProcess> {
  await Deno.mkdir(`${home}/services`, { recursive: true });
  if (state === "on-demand") await offerKeyring(`${home}/services`);
  const configuration = `${home}/bus.conf`;
  await Deno.writeTextFile(
    configuration,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>${environment["DBUS_SESSION_BUS_ADDRESS"]}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>${home}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    ${state === "denied" ? denial : ""}
  </policy>
</busconfig>`,
  );
  const bus = new Deno.Command("dbus-daemon", {
    args: [`--config-file=${configuration}`, "--nofork", "--nopidfile", "--nosyslog"],
    clearEnv: true,
    env: environment,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await until(() => isListening(`${home}/run/bus`));
  return bus;
}

/** Whether a connection succeeds: the socket file exists before the bus listens. */
async function isListening(path: string): Promise<boolean> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return true;
  } catch {
    return false;
  }
}

const denial = '<deny send_interface="org.freedesktop.Secret.Service" send_member="SearchItems"/>';

async function offerKeyring(directory: string): Promise<void> {
  const which = await new Deno.Command("sh", { args: ["-c", "command -v gnome-keyring-daemon"] })
    .output();
  const program = new TextDecoder().decode(which.stdout).trim();
  await Deno.writeTextFile(
    `${directory}/org.freedesktop.secrets.service`,
    `[D-BUS Service]\nName=org.freedesktop.secrets\nExec=${program} --start --foreground --components=secrets\n`,
  );
}

/** Waits for the keyring, which exits after its bus when it has completed pending requests. */
async function outlive(process: Deno.ChildProcess): Promise<void> {
  try {
    process.kill("SIGCONT");
  } catch {
    // It has already exited.
  }
  await process.status;
}

async function end(process: Deno.ChildProcess): Promise<void> {
  try {
    process.kill("SIGKILL");
  } catch {
    // It has already exited: a keyring exits with its bus.
  }
  await process.status;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("The session did not start within 5 s");
}
