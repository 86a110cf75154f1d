/** The completions in a real bash, zsh and fish at a terminal. */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { fileNames, scripts, type Shell } from "../../../src/cli/completions/scripts.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { openScreen, type Screen } from "../../acceptance/runner/screen.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { denoDirectory } from "../../rigs/remote_store.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { changes, locks, mentions, sockets } from "../helpers/fast_path.ts";
import { openLoginHome } from "../login/login_home.ts";
import { traceFob } from "../login/strace.ts";

const missing = await missingRigs();
const isRequired = Deno.env.get("FOB_RIGS") === "required";
const noShells = missing.includes("shells") && !isRequired;
const noTerminal = (noShells || missing.includes("terminal")) && !isRequired;

const profiles = `[work]
provider = github
host = https://api.github.com
[my own]
provider = token
host = https://a.example
`;

/** Prepares the home of a shell: the profiles, the completion script, and `fob`. */
async function furnish(home: string, shell: Shell): Promise<string> {
  await Deno.mkdir(`${home}/.config/fob`, { recursive: true });
  await Deno.writeTextFile(`${home}/.config/fob/config.ini`, profiles);
  await Deno.mkdir(`${home}/bin`);
  const words = (await fobCommand()).map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(`${home}/bin/fob`, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o700 });
  await Deno.writeTextFile(`${home}/${fileNames[shell]}`, scripts[shell]);
  return `${home}/bin:${Deno.env.get("PATH")}`;
}

/** Starts a shell without its configuration files. */
const starts = {
  bash: ["bash", "--norc", "--noprofile", "-i"],
  zsh: ["zsh", "-f", "-i"],
};

/** Starts a shell in `screen` and loads the completions. */
async function startShell(shell: keyof typeof starts, screen: Screen): Promise<void> {
  const path = await furnish(screen.home, shell);
  const variables = { PATH: path, PS1: "> ", TERM: "dumb", HISTFILE: "" };
  await screen.start(starts[shell], variables, 100);
  const init = shell === "zsh" ? "autoload -Uz compinit; compinit -u -D; " : "";
  await screen.type(`${init}. ~/${fileNames[shell]}; cd; echo rea""dy\n`);
  await screen.waitFor(/^ready\n>/m);
}

/** Types a line, with `\\t` for Tab, waits for the completed line, and clears it. */
async function typed(screen: Screen, text: string, becomes: RegExp): Promise<void> {
  await screen.type(text);
  await screen.waitFor(becomes);
  await screen.press("C-u");
}

for (const shell of ["bash", "zsh"] as const) {
  Deno.test({
    name: `${shell}: Tab completes commands, options, and profiles with spaces in their names`,
    ignore: noTerminal,
    fn: async () => {
      await using screen = await openScreen();
      await startShell(shell, screen);
      await typed(screen, "fob stor\tsh\t", /fob storage show$/m);
      await typed(
        screen,
        "fob auth token --forc\tm\t",
        /fob auth token --force-refresh my\\ own$/m,
      );
      await typed(
        screen,
        "fob auth login --host https://api\t",
        /--host https:\/\/api\.github\.com$/m,
      );
      await typed(screen, "fob auth token --output=j\t", /--output=json$/m);
      await typed(screen, "fob exec --ready-file ./b\tf\t", /--ready-file \.\/bin\/fob$/m);
      await screen.type("fob storage \t\t");
      await screen.waitFor(/^show +(\(|--) ?Show where logins are stored/m);
    },
  });

  Deno.test({
    name: `${shell}: typed text is not executed, and errors of fob are not shown`,
    ignore: noTerminal,
    fn: async () => {
      await using screen = await openScreen();
      await startShell(shell, screen);
      await typed(screen, 'fob auth token $(touch a) "$(touch b)" --forc\t', /--force-refresh$/m);
      await Deno.writeTextFile(`${screen.home}/bin/fob`, "#!/bin/sh\necho broken >&2; exit 1\n");
      await typed(screen, "fob auth tok\t<", /auth tok<$/m);
      doesNotMatch(await screen.text(), /broken/);
      const files = Array.from(Deno.readDirSync(screen.home), ({ name }) => name);
      deepEqual(files.filter((name) => name === "a" || name === "b"), []);
    },
  });
}

Deno.test({
  name: "fish: completes commands, options, profiles, and the command after exec --",
  ignore: noShells,
  fn: async () => {
    await using folder = await makeTemporaryDirectory();
    const home = folder.path;
    const path = await furnish(home, "fish");
    const lines = [
      "fob storage ",
      "fob auth token --forc",
      "fob auth token ",
      "fob auth token $(touch evil) --output=",
      "fob exec work -- test-com",
      "fob exec --ready-file bin/test-c",
    ];
    await Deno.writeTextFile(`${home}/bin/test-command`, "#!/bin/sh\n", { mode: 0o700 });
    const asked = lines.map((line) => `complete -C '${line}'; echo`).join("; ");
    const { stdout, stderr } = await new Deno.Command("fish", {
      args: ["--no-config", "-c", `source ~/fob.fish; ${asked}`],
      cwd: home,
      clearEnv: true,
      env: { HOME: home, PATH: path, DENO_DIR: denoDirectory(), LANG: "C.UTF-8" },
    }).output();
    equal(new TextDecoder().decode(stderr), "");
    const answers = new TextDecoder().decode(stdout).trimEnd().split("\n\n");
    match(answers[0] ?? "", /^move\t.+\nset\t.+\nshow\tShow where logins are stored/);
    equal(answers[1], "--force-refresh\trefresh the token even if it is valid");
    equal(answers[2], "my own\ttoken, https://a.example\nwork\tgithub, https://api.github.com");
    equal(answers[3], "--output=json\n--output=text");
    match(answers[4] ?? "", /^test-command\b/);
    match(answers[5] ?? "", /^bin\/test-command\b/);
    equal(await Deno.stat(`${home}/evil`).then(() => true, () => false), false);
  },
});

Deno.test({
  name: "profiles are completed without a bus, a socket, a lock or a write, with a keyring",
  ignore: (missing.includes("strace") || missing.includes("keyring")) && !isRequired,
  fn: async () => {
    await using home = await openLoginHome("Secret Service");
    const { run, calls } = await traceFob(home, ["__complete", "fish", "auth", "token", ""]);
    match(run.stdout, /^work\t/);
    deepEqual([...sockets(calls), ...locks(calls, home), ...changes(calls, home)], []);
    deepEqual(mentions(calls, "libsecret-1.so"), []);
  },
});
