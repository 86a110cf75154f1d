import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { type Run, runProgram } from "../../acceptance/runner/program.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { DatabricksServer } from "../../fakes/servers/databricks_server.ts";

/** Bytes below which the SDKs take a program for a Databricks CLI of long ago. */
const leastSize = 1024 * 1024;

/** A home of its own, a Databricks host of its own, and fob installed as one file of that home. */
export interface DatabricksHome extends AsyncDisposable {
  readonly server: DatabricksServer;
  /** The file by which SDKs run fob. */
  readonly path: string;
  readonly directory: string;
  /** All of a program's environment; PATH leads to fob. */
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
    // By its own name, fob has to be told whose host that is: it is on loopback.
    ...name.endsWith("databricks") ? [] : ["--provider", "databricks"],
  );
  if (login.code !== 0) throw new Error(`Cannot sign in: ${login.stderr}`);
  const owned = cleanups.move();
  return { server, path, directory, env, fob, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** One file that is as large as a binary and runs fob under its own name, whichever fob is tested. */
async function install(path: string): Promise<void> {
  const words = (await fobCommand()).map((word) => `'${word}'`).join(" ");
  const text = `#!/bin/bash\nexec -a "$0" ${words} "$@"\n`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text + "#".repeat(leastSize), { mode: 0o755 });
}
