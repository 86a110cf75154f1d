import { deepEqual, rejects, throws } from "node:assert/strict";
import { type Call, secretFileOf, secretsGiven } from "../../canaries/given.ts";
import { Secrets } from "../../canaries/secrets.ts";
import { leaks, standIn } from "./stand_in.ts";

const nothing: Call = { name: undefined, args: [], input: "", environment: {} };

/** Each way in which a script gives fob a secret, with the arguments before the leaking command. */
const ways: readonly (readonly [what: string, given: string, words: string])[] = [
  ["a token on stdin", "input dapi-of-ada", "auth login --with-token"],
  ["a token for a run", "input dapi-of-ada", "exec --token-file -"],
  ["a token in a file for a run", "cp own token", "exec --token-file token"],
  ["a client secret on stdin", "input dapi-of-ada", "auth login --with-client-secret"],
  ["a password on stdin", "input dapi-of-ada", "auth login --username ada"],
  ["a token in the environment", "env API_TOKEN=dapi-of-ada", "auth status"],
  ["a platform's token in the environment", "env GITLAB_TOKEN=dapi-of-ada", "auth status"],
  ["a secret in the environment", "env X_CLIENT_SECRET=dapi-of-ada", "auth status"],
  ["a key in the environment", "env ANTHROPIC_API_KEY=dapi-of-ada", "auth status"],
  ["a password that git stores", `input "host=x\\npassword=dapi-of-ada\\n"`, "helper git store"],
  ["a secret that docker stores", `input '{"Secret":"dapi-of-ada"}'`, "helper docker store"],
  ["a token that terraform stores", `input '{"token":"dapi-of-ada"}'`, "helper terraform store"],
  [
    "a token that the workspace knows",
    "databricks start\ndatabricks pat dapi-of-ada",
    "auth login",
  ],
  ["a refresh token", "databricks start\ndatabricks adopt dapi-of-ada", "auth login"],
  ["a program's secret", "databricks start\ndatabricks principal id dapi-of-ada", "auth login"],
  ["an identity token", "databricks start\ndatabricks trust dapi-of-ada", "auth login"],
  ["a job's identity token", "pipeline start dapi-of-ada other-secret", "auth login"],
  ["a job's own token", "pipeline start other-secret dapi-of-ada", "auth login"],
];
for (const [what, given, words] of ways) {
  Deno.test(`a secret that a script gives to fob is found: ${what}`, () =>
    leaks(
      `${given}\nfob ${words} 'echo dapi-of-"\${x-ada}" >&2'`,
      /stderr of fob: "dapi-of-ada", plain/,
      "\n-- own --\ndapi-of-ada\n",
    ));
}

Deno.test("secrets that only fob and a server may have are hidden", () => {
  const secret = { text: "dapi-of-ada\n", isHidden: false };
  const given = (call: Partial<Call>): unknown =>
    secretsGiven({ ...nothing, input: "dapi-of-ada\n", ...call });
  deepEqual(given({ args: ["auth", "login", "--with-token"] }), [secret]);
  deepEqual(given({ args: ["configure", "--token"], name: "databricks" }), [secret]);
  deepEqual(given({ args: ["set", "host", "ada"], name: "keyring" }), [secret]);
  const hidden = { ...secret, isHidden: true };
  deepEqual(given({ args: ["auth", "login", "--with-client-secret"] }), [hidden]);
  deepEqual(given({ args: ["auth", "login", "--username", "ada"] }), [hidden]);
  const environment = { API_TOKEN: "Bearer dapi-of-ada", APP_SECRET: "dapi-of-app", HOME: "/ada" };
  deepEqual(given({ environment }), [
    { text: "dapi-of-ada", isHidden: false },
    { text: "dapi-of-app", isHidden: true },
  ]);
  deepEqual(given({ args: ["api", "POST", "/x", "--input", "-"] }), []);
});

Deno.test("the file of --token-file is returned, but not for stdin", () => {
  deepEqual(secretFileOf(["exec", "--token-file", "given", "--", "x"]), "given");
  deepEqual(secretFileOf(["exec", "--token-file=given"]), "given");
  deepEqual(secretFileOf(["exec", "--token-file", "-"]), undefined);
  deepEqual(secretFileOf(["exec", "--", "x"]), undefined);
});

Deno.test("a script with a secret that is too short to search for fails", async () => {
  const short = /:2: .*\nToo short to be searched for: dapi-1\n/;
  await rejects(standIn("input dapi-1\nfob auth login --with-token :"), short);
  await rejects(standIn("env GH_TOKEN=dapi-1\nfob auth status :"), short);
  await rejects(standIn("databricks start\ndatabricks pat dapi-1"), short);
  await rejects(standIn("# secrets: dapi-1\nfob say :"), /Too short to be searched for: dapi-1/);
});

Deno.test("each line of a secret is a secret, and a hidden secret stays hidden", () => {
  const secrets = new Secrets();
  secrets.add({ text: " dapi-of-ada\r\n\nrobot-secret\n", isHidden: true });
  secrets.add({ text: "dapi-of-ada", isHidden: false });
  secrets.add({ text: "token-of-bob", isHidden: false });
  const found = (text: string): unknown[] => [
    secrets.searchAll().findIn(text)?.secret,
    secrets.searchHidden().findIn(text)?.secret,
  ];
  deepEqual(found("x dapi-of-ada x"), ["dapi-of-ada", "dapi-of-ada"]);
  deepEqual(found("x robot-secret x"), ["robot-secret", "robot-secret"]);
  deepEqual(found("x token-of-bob x"), ["token-of-bob", undefined]);
  throws(() => secrets.add({ text: "token-of-eve\nshort", isHidden: false }), /Too short/);
});
