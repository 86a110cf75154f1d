/**
 * The tour of the README: runs fob in a temporary home with a real keyring, against a provider in this
 * process. Addresses and tokens, which differ from run to run, are replaced by placeholders.
 */
import { startAuthorizationServer } from "../../tests/fakes/servers/authorization_server.ts";
import { startSession } from "../../tests/rigs/keyring.ts";
import { denoDirectory } from "../../tests/rigs/remote_store.ts";

/** A command line and its output. */
export interface Step {
  readonly command: string;
  readonly shown: string;
}

/** The commands, in order. `HOST` is replaced by the provider's address. */
const commands = [
  "fob auth login work --host HOST --client-id my-app",
  "fob",
  "fob auth token -o text",
  "fob api GET /me",
  "fob auth logout",
];

/** The client ID at the provider. */
const knownClient = "fob";

/** The placeholder for the provider's address in the output. */
const host = "https://api.example.com";

const root = new URL("../..", import.meta.url).pathname;

/** Runs the tour.
 *
 * @throws {Error} if a command fails. */
export async function takeTour(): Promise<Step[]> {
  await using stack = new AsyncDisposableStack();
  const session = stack.use(await startSession("unlocked"));
  const server = await startAuthorizationServer();
  stack.defer(() => server.close());
  const environment = {
    ...session.environment,
    DENO_DIR: denoDirectory(),
    NO_COLOR: "1",
    BROWSER: await makeBrowser(`${session.environment["HOME"]}`),
    FOB_TEST_DENO: Deno.execPath(),
  };
  const steps: Step[] = [];
  for (const command of commands) {
    const words = command.replace("HOST", server.api).replace("my-app", knownClient).split(" ")
      .slice(1);
    const shown = await runFob(words, environment);
    steps.push({
      command: command.replace("HOST", host),
      shown: shown.replaceAll(server.api, host).replaceAll(server.issuer, host)
        .replaceAll(new URL(server.api).host, new URL(host).host)
        .replaceAll(/(\/authorize\?client_id=)\S*/g, "$1my-app&...")
        .replaceAll(/^[\w.~+\/-]{20,}=*$/gm, "eyJhbGciOiJSUzI1NiIsInR5cCI6..."),
    });
  }
  return steps;
}

/**
 * Makes a browser that starts at once and signs in one second later, so that fob prints its address
 * first. Returns its path.
 */
async function makeBrowser(folder: string): Promise<string> {
  const path = `${folder}/tour-browser`;
  const browser = `${root}tests/acceptance/runner/browser`;
  const text = `#!/bin/sh\n(sleep 1; exec '${browser}' "$@") >/dev/null 2>&1 &\n`;
  await Deno.writeTextFile(path, text, { mode: 0o700 });
  return path;
}

/** Runs fob and returns its stderr followed by its stdout. */
async function runFob(
  words: readonly string[],
  environment: Record<string, string>,
): Promise<string> {
  const permissions = (await Deno.readTextFile(`${root}scripts/permissions`)).trim().split(" ");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", ...permissions, `${root}main.ts`, ...words],
    clearEnv: true,
    env: environment,
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  const shown = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  if (!success) throw new Error(`"fob ${words.join(" ")}" failed:\n${shown}`);
  return shown.trimEnd();
}
