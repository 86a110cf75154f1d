import assert from "node:assert/strict";
import fc from "fast-check";
import { netrc } from "../../../src/doctor/netrc_scanner.ts";
import { npm } from "../../../src/doctor/npm_scanner.ts";
import type { PlaintextScanner } from "../../../src/doctor/plaintext_scanner.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";

function pathsOf(keeper: PlaintextScanner, variables: Record<string, string>): string[] {
  return keeper.paths(environmentOf(variables));
}

Deno.test("each tool's file is looked for where the tool itself would", () => {
  const home = { HOME: "/h" };
  assert.deepEqual(pathsOf(npm, home), ["/h/.npmrc"]);
  assert.deepEqual(pathsOf(npm, { ...home, NPM_CONFIG_USERCONFIG: "/n" }), ["/n"]);
  assert.deepEqual(pathsOf(npm, { ...home, npm_config_userconfig: "/m" }), ["/m"]);
  assert.deepEqual(pathsOf(netrc, home), ["/h/.netrc", "/h/_netrc"]);
  assert.deepEqual(pathsOf(netrc, { ...home, NETRC: "/r" }), ["/r"]);
});

Deno.test("npm: a value is a secret, and an empty one or a reference to a variable is none", () => {
  const text = `
; //commented.example/:_authToken=secret
# _auth=secret
//registry.npmjs.org/:_authToken=npm_secret
 //a.example/:_password = "c2VjcmV0"
_auth=c2VjcmV0
//b.example/:_authToken=\${NPM_TOKEN}
//c.example/:_authToken="\${NPM_TOKEN-}"
//d.example/:_authToken=
//e.example/:username=me
my_authToken=no
"//f.example/:_authToken" = secret
`;
  assert.deepEqual(npm.find(text, "p"), [
    "//registry.npmjs.org/:_authToken",
    "//a.example/:_password",
    "_auth",
    "//f.example/:_authToken",
  ]);
});

Deno.test("npm: a long run of spaces is read as fast as any other text", () => {
  const gap = " ".repeat(300_000);
  const start = performance.now();
  assert.deepEqual(npm.find(`a${gap}b\n_auth = a${gap}b\n`, "p"), ["_auth"]);
  assert.ok(performance.now() - start < 2_000);
});

Deno.test("netrc: a password is told by its machine, whatever stands on which line", () => {
  const text = `machine a.example login me password secret
# machine commented.example password secret
machine b.example
  login me
  password "se cret"
machine c.example login password
machine d.example login me macdef init
put password secret

machine e.example password #secret
default login anonymous password secret
`;
  assert.deepEqual(netrc.find(text, "p"), [
    "a.example",
    "b.example",
    "e.example",
    "default",
  ]);
});

const marker = "S3CR";
const texts = fc.string({ unit: "grapheme", maxLength: 20 });
/** What ends one part of an address and begins another. */
const marks = fc.string({ unit: fc.constantFrom(..."@:/?#\\ \"'=;[]"), maxLength: 3 });
/** What a password may be; a part of it is in nothing else. */
const secrets = fc.tuple(texts, marks, marks, texts)
  .map(([before, mark, next, after]) => before + mark + marker + next + after);
const hosts = fc.domain();

const writers: readonly [PlaintextScanner, (host: string, secret: string) => string][] = [
  [npm, (host, secret) => `//${host}/:_authToken=${secret}\n//${host}/:_password = "${secret}"\n`],
  [netrc, (host, secret) => `machine ${host} login me password ${secret}\nmachine z password z`],
  [netrc, (host, secret) => `machine ${host} password ${JSON.stringify(secret)}`],
];

for (const [i, [keeper, write]] of writers.entries()) {
  Deno.test(`${keeper.tool}: no part of a secret is told, whatever is in it (${i})`, () => {
    fc.assert(fc.property(hosts, secrets, (host, secret) => {
      let told: string;
      try {
        told = keeper.find(write(host, secret), "p").join("\n");
      } catch (error) {
        told = error instanceof Error ? `${error.message}${error.cause ?? ""}` : "";
      }
      assert.ok(!told.includes(marker), told);
    }));
  });
}
