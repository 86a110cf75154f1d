/**
 * The main job, told step by step: sign in, keep, hand out, refresh, sign out. In a home of its own,
 * against an identity provider in this process; nothing of whoever runs it is touched. Exits 1 where a
 * step does not do what it says.
 */
import { startAuthorizationServer } from "../../tests/fakes/servers/authorization_server.ts";
import { startSession } from "../../tests/rigs/keyring.ts";
import { denoDirectory } from "../../tests/rigs/remote_store.ts";
import { missingRigs } from "../../tests/rigs/rigs.ts";

/** Seconds that the provider's tokens live: long enough to hand one out, short enough to wait for. */
const lifetime = 4;

const root = new URL("../..", import.meta.url).pathname;
const permissions = (await Deno.readTextFile(`${root}scripts/permissions`)).trim().split(" ");
const hasKeyring = !(await missingRigs()).includes("keyring");
await using session = await startSession(hasKeyring ? "unlocked" : "no-bus");
await using stack = new AsyncDisposableStack();
const server = await startAuthorizationServer();
stack.defer(() => server.close());
server.lifetime(lifetime);

/** Starts fob from source, as the binary would run. */
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

/** Runs fob to its end, shows what it says, and returns what it answers. */
async function fob(...args: string[]): Promise<string> {
  return await finish(await start(...args).output());
}

function finish({ stdout, stderr, code }: Deno.CommandOutput): string {
  const decoder = new TextDecoder();
  const answer = decoder.decode(stdout);
  say(indent(decoder.decode(stderr) + answer));
  expect(code === 0, `fob exits 0, not ${code}`);
  return answer;
}

/** Signs in as a person would, whose browser follows where the provider sends it. */
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
  let told = "";
  for await (const chunk of forReading.pipeThrough(new TextDecoderStream())) {
    told += chunk;
    const address = /^ {2}(http\S+)\n/m.exec(told)?.[1];
    if (address !== undefined) {
      const page = await fetch(address);
      expect(
        (await page.text()).includes("Signed in"),
        "the page in the browser says that it worked",
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
  if (!holds) throw new Error(`The demo went wrong: expected that ${what}`);
}

say("fob demo. Everything happens in a temporary home, against a provider in this process.");

say("\n1. Sign in: authorization code with PKCE, back to a free port on 127.0.0.1.");
await signIn();

say("\n2. Where is it kept, and which login would answer?");
await fob("auth", "status");

say("\n3. Any program may now ask. The token is kept, so nobody is asked over the network.");
const first = await fob("auth", "token", "-o", "text");
expect(server.isActive(first.trim()), "the provider takes the token");
expect(server.count("refresh_token") === 0, "nothing was refreshed");

say(`\n4. The provider's tokens live ${lifetime} s. Wait until this one has expired ...`);
await new Promise((resolve) => setTimeout(resolve, (lifetime + 0.5) * 1000));
expect(!server.isActive(first.trim()), "the token has expired");

say(
  "\n5. The next program gets a fresh one: the refresh token was spent once, and its successor kept.",
);
const second = await fob("auth", "token", "-o", "text");
expect(second !== first && server.isActive(second.trim()), "the provider takes the new token");
expect(server.count("refresh_token") === 1, "one refresh was made");

say("\n6. Sign out: revoked at the provider first, then removed here.");
await fob("auth", "logout", "demo", "--delete", "--yes");
expect(!server.isActive(second.trim()), "the provider has ended the login");

say("\nThat was all of it. Try it on your own: deno task fob auth login --help");
