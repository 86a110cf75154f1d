import { deepEqual, equal } from "node:assert/strict";
import { commandTree, leavesOf } from "../../../../scripts/docs/command_tree.ts";
import { answerCompletion } from "../../../../src/cli/completions/answer.ts";
import { suggest } from "../../../../src/cli/completions/suggest.ts";
import type { CommandContext } from "../../../../src/cli/context.ts";
import { toolNames } from "../../../../src/connect/tools.ts";
import { sourceNames } from "../../../../src/migrate/sources.ts";
import { Profiles } from "../../../../src/profiles/profile_file.ts";

const profileFile = `[work]
provider = github
host = https://api.github.com
[play]
issuer = https://login.example.com
`;

/** A context with only profiles. */
function profilesAlone(text = profileFile): CommandContext {
  const profiles = (): Promise<Profiles> => Promise.resolve(new Profiles(text, "config.ini"));
  return { storage: { profiles } } as unknown as CommandContext;
}

/** The suggestions for the last word. */
async function valuesFor(...words: readonly string[]): Promise<string[]> {
  const found = await suggest(words, commandTree(), profilesAlone());
  return found.map(({ value }) => value);
}

Deno.test("visible commands are suggested, and subcommands after a group", async () => {
  const top = await valuesFor("");
  deepEqual(["auth", "exec", "completions"].filter((name) => !top.includes(name)), []);
  equal(top.includes("__complete"), false);
  deepEqual(await valuesFor("storage", ""), ["show", "set", "move"]);
});

Deno.test("a dash suggests the options of the command and --help", async () => {
  for (const { name, command } of leavesOf(commandTree())) {
    const found = await valuesFor(...name.split(" ").slice(1), "-");
    const own = command.options.filter((option) => !option.hidden).map((option) => option.long);
    deepEqual(found, [...own, "--help"], name);
  }
});

Deno.test("a given option is not suggested again unless it is repeatable", async () => {
  const found = await valuesFor("api", "-H", "A: b", "--include", "-");
  equal(found.includes("--include"), false);
  equal(found.includes("--header"), true);
});

Deno.test("values of an option are suggested after a space or an equals sign", async () => {
  deepEqual(await valuesFor("auth", "token", "-o", ""), ["text", "json"]);
  deepEqual(await valuesFor("auth", "token", "--output="), ["--output=text", "--output=json"]);
  deepEqual(await valuesFor("migrate", "--from", ""), sourceNames);
  deepEqual(await valuesFor("connect", ""), toolNames);
  deepEqual(await valuesFor("auth", "login", "--client-id", ""), []);
});

Deno.test("profiles are suggested with their provider and host wherever a profile is expected", async () => {
  const work = { value: "work", about: "github, https://api.github.com" };
  const play = { value: "play", about: "oidc, https://login.example.com" };
  for (const words of [["auth", "token", ""], ["exec", "--profile", ""], ["auth", "status", "w"]]) {
    deepEqual(await suggest(words, commandTree(), profilesAlone()), [work, play]);
  }
  deepEqual(await valuesFor("api", "GET", "/v1/me", ""), ["work", "play"]);
  deepEqual(await valuesFor("auth", "token", "work", ""), []);
  deepEqual(await valuesFor("migrate", "--profile", ""), []);
});

Deno.test("no options are suggested after --", async () => {
  deepEqual(await valuesFor("auth", "token", "--", "-"), ["work", "play"]);
});

/** The answer to a completion script that sends `words`. */
async function answered(words: readonly string[], context = profilesAlone()): Promise<string> {
  let text = "";
  const terminal = { answer: (more: string) => void (text += more) };
  await answerCompletion(
    words,
    commandTree(),
    { ...context, io: { terminal } } as unknown as CommandContext,
  );
  return text;
}

Deno.test("bash gets the rest of the word, quoted for its position", async () => {
  const breaks = " \t\n\"'><=;|&(:";
  const line = async (typed: string, type = "9"): Promise<string> =>
    await answered(
      ["bash", type, "40", breaks, typed],
      profilesAlone("[my own]\nhost = https://a.example\n[$(id)]\n"),
    );
  equal(await line("fob auth token "), "my\\ own\n\\$\\(id\\)\n");
  equal(await line('fob auth token "'), "my own\n\\$(id)\n");
  equal(await line("fob auth login --host https:"), "//a.example\n");
  equal(await line("fob auth token --output=j"), "json\n");
  equal(
    await line("fob auth token ", "63"),
    "my own  (oidc, https://a.example)\n$(id)   (oidc)\n",
  );
});

Deno.test("zsh values have escaped colons, and the last word from PowerShell starts with a dot", async () => {
  equal(
    await answered(["zsh", "auth", "login", "--host", ""]),
    "https\\://api.github.com:of work\n",
  );
  equal(
    await answered(["powershell", "auth", "token", ".pl"]),
    "play\toidc, https://login.example.com\n",
  );
});

Deno.test("unreadable profiles or an unknown shell give no suggestions", async () => {
  const broken = {
    storage: { profiles: () => Promise.reject(new Error("broken")) },
  } as unknown as CommandContext;
  equal(await answered(["fish", "auth", "token", ""], broken), "");
  equal(await answered(["tcsh", "auth", ""]), "");
});

Deno.test("the shell completes file names", async () => {
  for (const shell of ["zsh", "fish"]) {
    equal(await answered([shell, "exec", "--ready-file", "./a"]), ":files\n");
  }
  equal(await answered(["bash", "9", "80", ":=", "fob exec --ready-file ./a"]), ":files\n");
});

Deno.test("a value with control characters is left out", async () => {
  const context = profilesAlone("[a\u{202e}b]\n[good]\n");
  equal(await answered(["fish", "auth", "token", ""], context), "good\toidc\n");
});
