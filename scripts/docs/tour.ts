/**
 * The tour of the README: fob itself, run in a home of its own with a real keyring, against a provider in this
 * process. What differs from run to run is told as what it stands for: the provider's address and the tokens.
 */
import { startAuthorizationServer } from "../../tests/fakes/servers/authorization_server.ts";
import { startSession } from "../../tests/rigs/keyring.ts";
import { denoDirectory } from "../../tests/rigs/remote_store.ts";

/** A command as it was typed, and what it printed. */
export interface Step {
  readonly command: string;
  readonly shown: string;
}

/** What a person types, in order. `HOST` is the provider. */
const commands = [
  "fob auth login work --host HOST --client-id my-app",
  "fob",
  "fob auth token -o text",
  "fob api GET /me",
  "fob auth logout",
];

/** The client that the provider knows. */
const knownClient = "fob";

/** The name that stands for the provider in what is shown. */
const host = "https://api.example.com";

const root = new URL("../..", import.meta.url).pathname;

/** Takes the tour. Throws where a command fails. */
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
 * The path of a browser that is there at once, as a person's is, and signs in a moment later: what fob says of
 * it comes first.
 */
async function makeBrowser(folder: string): Promise<string> {
  const path = `${folder}/tour-browser`;
  const browser = `${root}tests/acceptance/runner/browser`;
  const text = `#!/bin/sh\n(sleep 1; exec '${browser}' "$@") >/dev/null 2>&1 &\n`;
  await Deno.writeTextFile(path, text, { mode: 0o700 });
  return path;
}

/** What a terminal would show: what goes to standard error comes first, as each of these says only one thing. */
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
