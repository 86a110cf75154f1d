import { deepEqual, equal, match } from "node:assert/strict";
import { writeJwt } from "../../fakes/servers/databricks_grants.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { end, good, hoursLate, kinds, profile, trial, why, works } from "./sdk_trial.ts";
import { answer, complain } from "./stand_in_cli.ts";

const ignore = (await missingRigs()).includes("python");

Deno.test({
  name: "a good answer is the token that each SDK sends, until it ends",
  ignore,
  fn: trial(works, profile, (told) => {
    for (const outcome of Object.values(told)) equal(outcome.token, "at-1");
    deepEqual(hoursLate(told), [0, 0, 0]);
  }),
});

/** What the CLI prints, and how Go, Java and Python end. */
const answers: readonly [string, string, string, RegExp?][] = [
  [
    "a word on stdout beside it spoils it",
    `echo 'Using p'; ${answer(good)}`,
    "next error error",
    /^ValueError: cannot unmarshal CLI result/,
  ],
  ["a word on stderr does not", `echo 'Using p' >&2; ${answer(good)}`, "token token token"],
  [
    "without token_type Go alone is content",
    answer(good, "token_type"),
    "token error error",
    /^KeyError: 'token_type'$/,
  ],
  [
    "without an expiry nobody is content",
    answer(good, "expiry"),
    "next error error",
    /^KeyError: 'expiry'$/,
  ],
  [
    "an offset without a fraction is none that Python knows",
    answer("2026-08-21T14:00:00+02:00"),
    "token token error",
    /cannot unmarshal CLI result: unconverted data remains: \+02:00$/,
  ],
  [
    "an error in the words for who is not signed in makes all of them go on",
    complain("Error: cache: databricks OAuth is not configured for this host."),
    "next next next",
    /^cannot get access token: \nError: cache: databricks OAuth is not/,
  ],
  [
    "an error in other words ends Java and Python",
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
    fn: trial({ token }, profile, (told) => {
      equal(kinds(told), ends);
      match(why(told.python), python);
    }),
  });
}

Deno.test({
  name: "where databricks-cli is forced, Go too ends with the error",
  ignore,
  fn: trial({ token: complain("Not signed in") }, { ...profile, isForced: true }, (told) => {
    equal(kinds(told), "error error error");
    match(why(told.go), /^cannot get access token: Not signed in: exit status 1$/);
  }),
});

Deno.test({
  name: "a CLI that waits for a person hangs every SDK",
  ignore,
  fn: trial({ token: "exec sleep 60" }, { ...profile, patience: 500 }, (told) => {
    equal(kinds(told), "hung hung hung");
  }),
});

/** Time zones, the end of the token in their local time, and how many hours their UTC is behind. */
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
    name: `expiry: local time with a fraction and an offset is right for all in ${TZ}`,
    ignore,
    fn: trial({ token: answer(local) }, inZone, (told) => {
      deepEqual(hoursLate(told), [0, 0, 0]);
    }),
  });

  Deno.test({
    name: `expiry: UTC is ${hours} hours late for Python in ${TZ}`,
    ignore,
    fn: trial({ token: answer("2026-08-21T12:00:00.123456Z") }, inZone, (told) => {
      deepEqual(hoursLate(told), [0, 0, hours]);
    }),
  });

  Deno.test({
    name: `expiry: without an offset it is UTC for Go, and local for the others, in ${TZ}`,
    ignore,
    fn: trial({ token: answer("2026-08-21 12:00:00.5") }, inZone, (told) => {
      deepEqual(hoursLate(told), [0, hours, hours]);
    }),
  });
}

const jwt = writeJwt({
  family: { scope: "offline_access jobs", principal: "ada", revoked: false },
  number: 1,
  expiresAt: end,
});

Deno.test({
  name: "scopes that are configured have to be the token's, but for offline_access",
  ignore,
  fn: async () => {
    const token = works.token.replace("at-1", jwt);
    const scopes = { names: ["jobs"], isCode: false };
    await trial({ token }, { ...profile, scopes }, (told) => {
      equal(kinds(told), "token token token");
    })();
    const others = { names: ["all-apis"], isCode: false };
    await trial({ token }, { ...profile, scopes: others }, (told) => {
      equal(kinds(told), "token next next");
      match(why(told.python), /^Token issued by Databricks CLI has scopes offline_access jobs$/);
    })();
  },
});

Deno.test({
  name: "Go takes no scopes that come from code",
  ignore,
  fn: trial(works, { ...profile, scopes: { names: ["all-apis"], isCode: true } }, (told) => {
    equal(kinds(told), "next token token");
    match(why(told.go), /custom scopes are not supported/);
  }),
});
