import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { DatabricksServer } from "../../fakes/servers/databricks_server.ts";

/** Size in bytes below which the SDKs assume a legacy Databricks CLI. */
const leastSize = 1024 * 1024;

/** A home with a Databricks host and with fob installed as one file. */
export interface DatabricksHome extends AsyncDisposable {
  readonly server: DatabricksServer;
  /** The file that SDKs run. */
  readonly path: string;
  readonly directory: string;
  /** The whole environment of a program. fob is on PATH. */
  readonly env: Readonly<Record<string, string>>;
  fob(...args: readonly string[]): Promise<Run>;
}

/** Installs fob as `name`, and signs the profile `p` in. */
export async function openDatabricksHome(
  name: string,
  more: Readonly<Record<string, string>> = {},
): Promise<DatabricksHome> {
  await using cleanups = new AsyncDisposableStack();
  const { path: directory } = cleanups.use(await makeTemporaryDirectory());
  const server = new DatabricksServer();
  cleanups.defer(() => server.close());
  const path = `${directory}/bin/${name}`;
  await install(path);
  const env = {
    HOME: directory,
    PATH: `${directory}/bin:/usr/bin:/bin`,
    TZ: "UTC",
    FOB_AUTH_STORAGE: "plaintext",
    BROWSER: `${import.meta.dirname}/../../acceptance/runner/browser`,
    FOB_TEST_DENO: Deno.execPath(),
    DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
    DENO_NO_UPDATE_CHECK: "1",
    ...more,
  };
  const fob = (...args: readonly string[]): Promise<Run> =>
    runProgram([path, ...args], { cwd: directory, env });
  const login = await fob(
    ...["auth", "login", "--profile", "p", "--host", server.host.origin],
    // Under its own name, fob needs --provider, because the host is on loopback.
    ...name.endsWith("databricks") ? [] : ["--provider", "databricks"],
  );
  if (login.code !== 0) throw new Error(`Could not sign in: ${login.stderr}`);
  const owned = cleanups.move();
  return { server, path, directory, env, fob, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Writes a file as large as a binary that runs the tested fob under its own name. */
async function install(path: string): Promise<void> {
  const words = (await fobCommand()).map((word) => `'${word}'`).join(" ");
  const text = `#!/bin/bash\nexec -a "$0" ${words} "$@"\n`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text + "#".repeat(leastSize), { mode: 0o755 });
}
