import { deepEqual, equal, match } from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { callAsGo } from "./sdk_go.ts";
import { callAsJava } from "./sdk_java.ts";
import { callAsPython } from "./sdk_python.ts";
import { kinds, profile, trial, why, words, works } from "./sdk_trial.ts";
import { answer, versionOf, writeStandIn } from "./stand_in_cli.ts";

const ignore = (await missingRigs()).includes("python");
const { host } = profile;
const byProfile = "auth token --profile p --force-refresh";
const byHost = "auth token --host https://h.example";

Deno.test({
  name: "the SDKs ask a good CLI by profile, after a look at its version",
  ignore,
  fn: trial(works, profile, async (told, cli) => {
    deepEqual(words(told), [byProfile, byProfile, byProfile]);
    const probes = (await cli.runs()).filter((run) => run.startsWith("version"));
    deepEqual(probes, ["version", "version --output json", "version --output json"]);
  }),
});

Deno.test({
  name: "without a profile they ask by host, and by the account of an account host",
  ignore,
  fn: trial(works, { host, accountId: "a-1" }, (told) => {
    const asked = `${byHost} --account-id a-1 --force-refresh`;
    deepEqual(words(told), [asked, asked, asked]);
  }),
});

Deno.test({
  name: "a CLI smaller than 1 MiB is none for Go, and for the others where PATH leads to it",
  ignore,
  fn: async () => {
    const small = { ...works, isSmall: true };
    await trial(small, ({ path }) => ({ host, cliPath: path }), (told) => {
      equal(kinds(told), "next token token");
      match(why(told.go), /^legacy databricks CLI detected/);
    })();
    await trial(small, { host }, (told) => {
      equal(kinds(told), "next next next");
      match(why(told.python), /<0\.100\.0/);
    })();
  },
});

Deno.test({
  name: "where there is no CLI, the SDKs try another way",
  ignore,
  fn: trial(works, ({ directory }) => ({
    host,
    env: { PATH: `${directory}/none`, HOME: directory },
  }), (told) => equal(kinds(told), "next next next")),
});

Deno.test({
  name: "a link on PATH keeps its name for Go and Java, and Python runs what it leads to",
  ignore,
  fn: async () => {
    const token = `case "$0" in */databricks) ${works.token} ;; *) exit 9 ;; esac`;
    await using cli = await writeStandIn({ name: "bin/fob", token });
    await Deno.symlink(cli.path, `${cli.directory}/databricks`);
    const setup = { ...profile, env: cli.env };
    equal((await callAsGo(setup)).kind, "token");
    equal((await callAsJava(setup)).kind, "token");
    equal((await callAsPython(setup)).kind, "error");
  },
});

Deno.test({
  name: "a path with a space in it is two words for Java",
  ignore,
  fn: trial({ ...works, name: "a b/databricks" }, ({ path }) => ({
    ...profile,
    cliPath: path,
  }), (told) => equal(kinds(told), "token error token")),
});

const goodVersion = versionOf("0.299.0");

/** What the CLI does when it is asked for its version, and how the SDKs then ask for a token. */
const versions: readonly [string, string, readonly string[]][] = [
  [
    "JSON that nobody asked for makes Go forget the profile",
    `echo '{"Major":0,"Minor":299,"Patch":0}'`,
    [byHost, byProfile, byProfile],
  ],
  [
    "text where JSON was asked for makes Java and Python forget the profile",
    "echo 'Databricks CLI v0.299.0'",
    [byProfile, byHost, byHost],
  ],
  [
    "numbers in quotes make Java and Python forget the profile",
    goodVersion.replace('"Minor":299', '"Minor":"299"'),
    [byProfile, byHost, byHost],
  ],
  [
    "a notice on stderr makes Java forget the profile",
    `echo 'A new version is out' >&2; ${goodVersion}`,
    [byProfile, byHost, byProfile],
  ],
  [
    "a notice on stdout makes all of them forget the profile",
    `${goodVersion}; echo 'A new version is out'`,
    [byHost, byHost, byHost],
  ],
  ["a failure makes all of them forget the profile", "exit 1", [byHost, byHost, byHost]],
  ["0.296.0 is asked to refresh", versionOf("0.296.0"), [byProfile, byProfile, byProfile]],
  [
    "0.295.9 is not asked to refresh",
    versionOf("0.295.9"),
    Array(3).fill("auth token --profile p"),
  ],
  ["0.207.0 is not asked by profile", versionOf("0.207.0"), [byHost, byHost, byHost]],
  ["0.0.0, a development build, is not either", versionOf("0.0.0"), [byHost, byHost, byHost]],
];

for (const [name, version, asked] of versions) {
  Deno.test({
    name: `version: ${name}`,
    ignore,
    fn: trial({ ...works, version }, profile, (told) => {
      deepEqual(words(told), asked);
    }),
  });
}

Deno.test({
  name: "version: a slow answer makes Java and Python forget the profile, and Go waits",
  ignore,
  fn: trial(
    { ...works, version: `sleep 1; ${goodVersion}` },
    { ...profile, probeLimit: 300 },
    (told) => deepEqual(words(told), [byProfile, byHost, byHost]),
  ),
});

Deno.test({
  name: "a profile without a host cannot be asked for where the version is not known",
  ignore,
  fn: trial({ version: "exit 1", token: answer("never") }, { profile: "p" }, (told) => {
    equal(kinds(told), "next error error");
    match(why(told.java), /neither profile nor host/);
  }),
});
