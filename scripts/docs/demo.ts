/**
 * A demo of fob: sign in, store, get a token, refresh, sign out. Runs in a temporary home against an
 * identity provider in this process, and touches no files of the user. Exits 1 if a step fails.
 */
import { startAuthorizationServer } from "../../tests/fakes/servers/authorization_server.ts";
import { startSession } from "../../tests/rigs/keyring.ts";
import { denoDirectory } from "../../tests/rigs/remote_store.ts";
import { missingRigs } from "../../tests/rigs/rigs.ts";

/** Lifetime of the provider's tokens, in seconds: short, because the demo waits for one to expire. */
const lifetime = 4;

const root = new URL("../..", import.meta.url).pathname;
const permissions = (await Deno.readTextFile(`${root}scripts/permissions`)).trim().split(" ");
const hasKeyring = !(await missingRigs()).includes("keyring");
await using session = await startSession(hasKeyring ? "unlocked" : "no-bus");
await using stack = new AsyncDisposableStack();
const server = await startAuthorizationServer();
stack.defer(() => server.close());
server.lifetime(lifetime);

/** Starts fob from source, with the permissions of the binary. */
function start(...args: string[]): Deno.ChildProcess {
  say(`\n   $ fob ${args.join(" ")}`);
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", ...permissions, `${root}main.ts`, ...args],
    clearEnv: true,
    env: { ...session.environment, DENO_DIR: denoDirectory(), NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs fob, prints its output, and returns its stdout. */
async function fob(...args: string[]): Promise<string> {
  return await finish(await start(...args).output());
}

function finish({ stdout, stderr, code }: Deno.CommandOutput): string {
  const decoder = new TextDecoder();
  const answer = decoder.decode(stdout);
  say(indent(decoder.decode(stderr) + answer));
  expect(code === 0, `fob to exit with 0, not ${code}`);
  return answer;
}

/** Signs in like a user with a browser that follows the provider's redirects. */
async function signIn(): Promise<void> {
  const login = start(
    "auth",
    "login",
    "demo",
    "--issuer",
    server.issuer,
    "--client-id",
    "fob",
    "--no-browser",
  );
  const [forReading, forShowing] = login.stderr.tee();
  let printed = "";
  for await (const chunk of forReading.pipeThrough(new TextDecoderStream())) {
    printed += chunk;
    const address = /^ {2}(http\S+)\n/m.exec(printed)?.[1];
    if (address !== undefined) {
      const page = await fetch(address);
      expect(
        (await page.text()).includes("Signed in"),
        "the browser page to confirm the sign-in",
      );
      break;
    }
  }
  const [stdout, stderr, status] = await Promise.all([
    new Response(login.stdout).bytes(),
    new Response(forShowing).bytes(),
    login.status,
  ]);
  finish({ ...status, stdout, stderr });
}

function say(text: string): void {
  console.log(text);
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^(?=.)/gm, "   ");
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The demo failed: expected ${what}`);
}

say("fob demo, in a temporary home, against an identity provider in this process.");

say(
  "\n1. Sign in: authorization code with PKCE, redirect to a free port on 127.0.0.1.",
);
await signIn();

say(
  "\n2. Show where the login is stored, and which profile is used.",
);
await fob("auth", "status");

say(
  "\n3. Get a token. It comes from the store, without a network request.",
);
const first = await fob("auth", "token", "-o", "text");
expect(server.isActive(first.trim()), "the provider to accept the token");
expect(server.count("refresh_token") === 0, "no refresh");

say(`\n4. The provider's tokens live ${lifetime} s. Wait until this one expires ...`);
await new Promise((resolve) => setTimeout(resolve, (lifetime + 0.5) * 1000));
expect(!server.isActive(first.trim()), "the token to be expired");

say(
  "\n5. Get a token again. fob refreshes it once, and stores the new refresh token.",
);
const second = await fob("auth", "token", "-o", "text");
expect(second !== first && server.isActive(second.trim()), "the provider to accept the new token");
expect(server.count("refresh_token") === 1, "one refresh");

say(
  "\n6. Sign out: revoke at the provider, then delete here.",
);
await fob("auth", "logout", "demo", "--delete", "--yes");
expect(!server.isActive(second.trim()), "the provider to have revoked the login");

say(
  "\nDone. Try it yourself: deno task fob auth login --help",
);
