/**
 * Golden screens of a terminal with 80 columns, in `tests/fixtures/screens`. `FOB_SCREENS=write` writes
 * the files; review them before you commit them.
 */
import { equal, fail } from "node:assert/strict";
import { startAuthorizationServer } from "../fakes/servers/authorization_server.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { difference } from "./runner/golden.ts";
import { openScreen, type Screen } from "./runner/screen.ts";

const folder = new URL("../fixtures/screens/", import.meta.url);
const missing = await missingRigs();
const isRequired = Deno.env.get("FOB_RIGS") === "required";
const ignore = missing.includes("terminal") && !isRequired;
const columns = 80;

/** Replaces values that differ between runs and machines by placeholders. */
function masked(text: string, home: string): string {
  return text.replaceAll(home, "~")
    .replaceAll(/\b(fob|Deno|deno) \d+\.\d+\.\d+/g, "$1 VERSION")
    .replaceAll(/(127\.0\.0\.1(?::|%3A|-))\d+/g, "$1PORT")
    .replaceAll(/-L \d+:/g, "-L PORT:")
    .replaceAll(/(code_challenge|state|nonce)=[\w-]+/g, "$1=RANDOM")
    .replaceAll(/valid for \d+ min/g, "valid for N min")
    .replaceAll(/\d:\d\d left/g, "M:SS left")
    .replaceAll(/(linux|darwin) (x86_64|aarch64)/g, "SYSTEM");
}

/** Compares the screen with the file `name`. */
async function assertShows(screen: Screen, name: string): Promise<void> {
  const shown = masked(await screen.wholeLines(), screen.home);
  const file = new URL(`${name}.txt`, folder);
  if (Deno.env.get("FOB_SCREENS") === "write") await Deno.writeTextFile(file, shown);
  const found = difference(shown, await Deno.readTextFile(file));
  if (found !== undefined) fail(`The screen differs from "${name}.txt":\n${found}`);
}

/** Runs fob to its end, and compares the screen with the file `name`. */
async function assertRunShows(
  screen: Screen,
  args: readonly string[],
  code: number,
  name: string,
): Promise<void> {
  await screen.run(args, {}, { columns });
  await screen.waitFor(/^exit code: \d+$/m);
  await assertShows(screen, name);
  await screen.ends(code);
}

Deno.test({
  name: "80 columns: fob without arguments and its help, without a login",
  ignore,
  fn: async () => {
    await using screen = await openScreen();
    await screen.run([], {}, { columns });
    await screen.waitFor(/Sign in now\?[^]*not now/);
    await assertShows(screen, "fob_new");
    await screen.press("Down", "Down", "Enter");
    await screen.ends(0);
    await assertRunShows(screen, ["--help"], 0, "help");
    await assertRunShows(screen, ["auth", "tokn"], 2, "error");
  },
});

Deno.test({
  name: "80 columns: a sign-in shows its address and a countdown, then the status",
  ignore,
  fn: async () => {
    await using stack = new AsyncDisposableStack();
    const server = await startAuthorizationServer();
    stack.defer(() => server.close());
    const screen = stack.use(await openScreen());
    const login = ["auth", "login", "work", "--host", server.api, "--client-id", "fob"];
    await screen.run([...login, "--no-browser"], { SSH_TTY: "/dev/pts/0" }, { columns });
    await screen.waitFor(/^Waiting for sign-in: \d:\d\d left/m);
    await assertShows(screen, "login_waiting");
    await screen.press("C-c");
    await screen.ends(130);
    const browser = {
      BROWSER: `${import.meta.dirname}/runner/browser`,
      FOB_TEST_DENO: Deno.execPath(),
      // fob must print that it opened the browser before the sign-in is complete.
      BROWSER_PAUSE: "2",
    };
    await screen.run(login, browser, { columns });
    await screen.waitFor(/^exit code: \d+$/m);
    await assertShows(screen, "login_done");
    await screen.ends(0);
    await assertRunShows(screen, [], 0, "fob_signed_in");
    await assertRunShows(screen, ["auth", "status"], 0, "status");
    await assertRunShows(screen, ["auth", "token", "missing"], 2, "error_unknown_profile");
  },
});

Deno.test({
  name:
    "a device code has a countdown in one line, with 40 columns too, and no countdown in a dumb terminal",
  ignore,
  fn: async () => {
    await using stack = new AsyncDisposableStack();
    const server = await startAuthorizationServer();
    stack.defer(() => server.close());
    const screen = stack.use(await openScreen());
    server.deviceApproveAfter(1_000);
    const login = ["auth", "login", "work", "--host", server.api, "--client-id", "fob", "--device"];
    await screen.run(login, {}, { columns: 40 });
    await screen.waitFor(/^Waiting for sign-in: 4:5[0-8] left/m);
    equal((await screen.text()).match(/Waiting/g)?.length, 1, await screen.text());
    await screen.press("C-c");
    await screen.ends(130);
    await screen.run(login, { TERM: "dumb" }, { columns });
    await screen.waitFor(/^Waiting for sign-in, at most 5 min\.$/m);
    await screen.press("C-c");
    await screen.ends(130);
  },
});

Deno.test({
  name: "80 columns: fob doctor without a keychain",
  ignore: ignore || (missing.includes("keyring") && !isRequired),
  fn: async () => {
    await using screen = await openScreen();
    await assertRunShows(screen, ["doctor"], 0, "doctor");
  },
});
