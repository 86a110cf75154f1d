import { deepEqual, equal, match } from "node:assert/strict";
import { writeJwt } from "../../fakes/servers/databricks_grants.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { end, good, hoursLate, kinds, profile, trial, why, works } from "./sdk_trial.ts";
import { answer, complain } from "./stand_in_cli.ts";

const ignore = (await missingRigs()).includes("python");

Deno.test({
  name: "a valid response is the token that each SDK uses until it expires",
  ignore,
  fn: trial(works, profile, (outcomes) => {
    for (const outcome of Object.values(outcomes)) equal(outcome.token, "at-1");
    deepEqual(hoursLate(outcomes), [0, 0, 0]);
  }),
});

/** The output of the CLI, and the results of Go, Java and Python. */
const answers: readonly [string, string, string, RegExp?][] = [
  [
    "another line on stdout breaks the response",
    `echo 'Using p'; ${answer(good)}`,
    "next error error",
    /^ValueError: cannot unmarshal CLI result/,
  ],
  ["another line on stderr does not", `echo 'Using p' >&2; ${answer(good)}`, "token token token"],
  [
    "without token_type, only Go accepts it",
    answer(good, "token_type"),
    "token error error",
    /^KeyError: 'token_type'$/,
  ],
  [
    "without an expiry, no SDK accepts it",
    answer(good, "expiry"),
    "next error error",
    /^KeyError: 'expiry'$/,
  ],
  [
    "Python does not parse an offset without a fraction",
    answer("2026-08-21T14:00:00+02:00"),
    "token token error",
    /cannot unmarshal CLI result: unconverted data remains: \+02:00$/,
  ],
  [
    'the "not configured" error makes all SDKs try other ways',
    complain("Error: cache: databricks OAuth is not configured for this host."),
    "next next next",
    /^cannot get access token: \nError: cache: databricks OAuth is not/,
  ],
  [
    "any other error stops Java and Python",
    complain("Not signed in"),
    "next error error",
    /^OSError: cannot get access token: \nNot signed in$/,
  ],
  [
    '"not found" in an error hides it from Java',
    complain('Error: profile "p" not found'),
    "next next error",
  ],
];

for (const [name, token, ends, python = /^/] of answers) {
  Deno.test({
    name: `answer: ${name}`,
    ignore,
    fn: trial({ token }, profile, (outcomes) => {
      equal(kinds(outcomes), ends);
      match(why(outcomes.python), python);
    }),
  });
}

Deno.test({
  name: "with auth_type databricks-cli, Go stops with the error too",
  ignore,
  fn: trial({ token: complain("Not signed in") }, { ...profile, isForced: true }, (outcomes) => {
    equal(kinds(outcomes), "error error error");
    match(why(outcomes.go), /^cannot get access token: Not signed in: exit status 1$/);
  }),
});

Deno.test({
  name: "a CLI that waits for input blocks every SDK",
  ignore,
  fn: trial({ token: "exec sleep 60" }, { ...profile, patience: 500 }, (outcomes) => {
    equal(kinds(outcomes), "hung hung hung");
  }),
});

/** Time zones, the expiry in their local time, and their offset to UTC in hours. */
const zones = [
  ["UTC", "2026-08-21T12:00:00.123456+00:00", 0],
  ["Europe/Berlin", "2026-08-21T14:00:00.123456+02:00", -2],
  ["America/Los_Angeles", "2026-08-21T05:00:00.123456-07:00", 7],
] as const;

for (const [TZ, local, hours] of zones) {
  const inZone = ({ env }: { env: Readonly<Record<string, string>> }) => ({
    ...profile,
    env: { ...env, TZ },
  });
  Deno.test({
    name: `expiry: all SDKs parse local time with a fraction and an offset in ${TZ}`,
    ignore,
    fn: trial({ token: answer(local) }, inZone, (outcomes) => {
      deepEqual(hoursLate(outcomes), [0, 0, 0]);
    }),
  });

  Deno.test({
    name: `expiry: UTC is ${hours} hours late for Python in ${TZ}`,
    ignore,
    fn: trial({ token: answer("2026-08-21T12:00:00.123456Z") }, inZone, (outcomes) => {
      deepEqual(hoursLate(outcomes), [0, 0, hours]);
    }),
  });

  Deno.test({
    name: `expiry: without an offset, it is UTC for Go and local for the others in ${TZ}`,
    ignore,
    fn: trial({ token: answer("2026-08-21 12:00:00.5") }, inZone, (outcomes) => {
      deepEqual(hoursLate(outcomes), [0, hours, hours]);
    }),
  });
}

const jwt = writeJwt({
  family: { scope: "offline_access jobs", principal: "ada", revoked: false },
  number: 1,
  expiresAt: end,
});

Deno.test({
  name: "configured scopes must match the token's, except offline_access",
  ignore,
  fn: async () => {
    const token = works.token.replace("at-1", jwt);
    const scopes = { names: ["jobs"], isCode: false };
    await trial({ token }, { ...profile, scopes }, (outcomes) => {
      equal(kinds(outcomes), "token token token");
    })();
    const others = { names: ["all-apis"], isCode: false };
    await trial({ token }, { ...profile, scopes: others }, (outcomes) => {
      equal(kinds(outcomes), "token next next");
      match(
        why(outcomes.python),
        /^Token issued by Databricks CLI has scopes offline_access jobs$/,
      );
    })();
  },
});

Deno.test({
  name: "Go refuses scopes that are set in code",
  ignore,
  fn: trial(works, { ...profile, scopes: { names: ["all-apis"], isCode: true } }, (outcomes) => {
    equal(kinds(outcomes), "next token token");
    match(why(outcomes.go), /custom scopes are not supported/);
  }),
});
