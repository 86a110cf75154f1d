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
  name: "the SDKs check the version, then get a token by profile",
  ignore,
  fn: trial(works, profile, async (outcomes, cli) => {
    deepEqual(words(outcomes), [byProfile, byProfile, byProfile]);
    const probes = (await cli.runs()).filter((run) => run.startsWith("version"));
    deepEqual(probes, ["version", "version --output json", "version --output json"]);
  }),
});

Deno.test({
  name: "without a profile, the SDKs get a token by host, and by account for an account host",
  ignore,
  fn: trial(works, { host, accountId: "a-1" }, (outcomes) => {
    const asked = `${byHost} --account-id a-1 --force-refresh`;
    deepEqual(words(outcomes), [asked, asked, asked]);
  }),
});

Deno.test({
  name: "Go refuses a CLI below 1 MiB, the others only on PATH",
  ignore,
  fn: async () => {
    const small = { ...works, isSmall: true };
    await trial(small, ({ path }) => ({ host, cliPath: path }), (outcomes) => {
      equal(kinds(outcomes), "next token token");
      match(why(outcomes.go), /^legacy databricks CLI detected/);
    })();
    await trial(small, { host }, (outcomes) => {
      equal(kinds(outcomes), "next next next");
      match(why(outcomes.python), /<0\.100\.0/);
    })();
  },
});

Deno.test({
  name: "without a CLI, the SDKs try other ways",
  ignore,
  fn: trial(works, ({ directory }) => ({
    host,
    env: { PATH: `${directory}/none`, HOME: directory },
  }), (outcomes) => equal(kinds(outcomes), "next next next")),
});

Deno.test({
  name: "Go and Java run a link on PATH by its name, Python runs its target",
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
  name: "Java splits a path with a space",
  ignore,
  fn: trial({ ...works, name: "a b/databricks" }, ({ path }) => ({
    ...profile,
    cliPath: path,
  }), (outcomes) => equal(kinds(outcomes), "token error token")),
});

const goodVersion = versionOf("0.299.0");

/** The behavior of the CLI for `version`, and the arguments with which the SDKs then get a token. */
const versions: readonly [string, string, readonly string[]][] = [
  [
    "unexpected JSON makes Go ignore the profile",
    `echo '{"Major":0,"Minor":299,"Patch":0}'`,
    [byHost, byProfile, byProfile],
  ],
  [
    "text instead of JSON makes Java and Python ignore the profile",
    "echo 'Databricks CLI v0.299.0'",
    [byProfile, byHost, byHost],
  ],
  [
    "quoted numbers make Java and Python ignore the profile",
    goodVersion.replace('"Minor":299', '"Minor":"299"'),
    [byProfile, byHost, byHost],
  ],
  [
    "a notice on stderr makes Java ignore the profile",
    `echo 'A new version is out' >&2; ${goodVersion}`,
    [byProfile, byHost, byProfile],
  ],
  [
    "a notice on stdout makes all SDKs ignore the profile",
    `${goodVersion}; echo 'A new version is out'`,
    [byHost, byHost, byHost],
  ],
  ["a failure makes all SDKs ignore the profile", "exit 1", [byHost, byHost, byHost]],
  ["0.296.0 gets --force-refresh", versionOf("0.296.0"), [byProfile, byProfile, byProfile]],
  [
    "0.295.9 does not get --force-refresh",
    versionOf("0.295.9"),
    Array(3).fill("auth token --profile p"),
  ],
  ["0.207.0 does not get --profile", versionOf("0.207.0"), [byHost, byHost, byHost]],
  ["0.0.0, a development build, does not get --profile", versionOf("0.0.0"), [
    byHost,
    byHost,
    byHost,
  ]],
];

for (const [name, version, asked] of versions) {
  Deno.test({
    name: `version: ${name}`,
    ignore,
    fn: trial({ ...works, version }, profile, (outcomes) => {
      deepEqual(words(outcomes), asked);
    }),
  });
}

Deno.test({
  name: "version: a slow response makes Java and Python ignore the profile, and Go waits",
  ignore,
  fn: trial(
    { ...works, version: `sleep 1; ${goodVersion}` },
    { ...profile, probeLimit: 300 },
    (outcomes) => deepEqual(words(outcomes), [byProfile, byHost, byHost]),
  ),
});

Deno.test({
  name: "a profile without a host is an error if the version is unknown",
  ignore,
  fn: trial({ version: "exit 1", token: answer("never") }, { profile: "p" }, (outcomes) => {
    equal(kinds(outcomes), "next error error");
    match(why(outcomes.java), /neither profile nor host/);
  }),
});
