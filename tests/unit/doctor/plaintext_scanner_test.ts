import assert from "node:assert/strict";
import fc from "fast-check";
import { netrc } from "../../../src/doctor/netrc_scanner.ts";
import { npm } from "../../../src/doctor/npm_scanner.ts";
import type { PlaintextScanner } from "../../../src/doctor/plaintext_scanner.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";

function pathsOf(scanner: PlaintextScanner, variables: Record<string, string>): string[] {
  return scanner.paths(environmentOf(variables));
}

Deno.test("each tool's file is searched where the tool itself searches it", () => {
  const home = { HOME: "/h" };
  assert.deepEqual(pathsOf(npm, home), ["/h/.npmrc"]);
  assert.deepEqual(pathsOf(npm, { ...home, NPM_CONFIG_USERCONFIG: "/n" }), ["/n"]);
  assert.deepEqual(pathsOf(npm, { ...home, npm_config_userconfig: "/m" }), ["/m"]);
  assert.deepEqual(pathsOf(netrc, home), ["/h/.netrc", "/h/_netrc"]);
  assert.deepEqual(pathsOf(netrc, { ...home, NETRC: "/r" }), ["/r"]);
});

Deno.test("npm: a value is a secret, an empty one or a variable reference is not", () => {
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

Deno.test("npm: many spaces do not slow down parsing", () => {
  const gap = " ".repeat(300_000);
  const start = performance.now();
  assert.deepEqual(npm.find(`a${gap}b\n_auth = a${gap}b\n`, "p"), ["_auth"]);
  assert.ok(performance.now() - start < 2_000);
});

Deno.test("netrc: a password is reported by its machine, in any layout", () => {
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
/** Characters that separate the parts of a URL. */
const marks = fc.string({ unit: fc.constantFrom(..."@:/?#\\ \"'=;[]"), maxLength: 3 });
/** Passwords that share no part with other texts. */
const secrets = fc.tuple(texts, marks, marks, texts)
  .map(([before, mark, next, after]) => before + mark + marker + next + after);
const hosts = fc.domain();

const writers: readonly [PlaintextScanner, (host: string, secret: string) => string][] = [
  [npm, (host, secret) => `//${host}/:_authToken=${secret}\n//${host}/:_password = "${secret}"\n`],
  [netrc, (host, secret) => `machine ${host} login me password ${secret}\nmachine z password z`],
  [netrc, (host, secret) => `machine ${host} password ${JSON.stringify(secret)}`],
];

for (const [i, [scanner, write]] of writers.entries()) {
  Deno.test(`${scanner.tool}: no part of a secret is shown (${i})`, () => {
    fc.assert(fc.property(hosts, secrets, (host, secret) => {
      let notices: string;
      try {
        notices = scanner.find(write(host, secret), "p").join("\n");
      } catch (error) {
        notices = error instanceof Error ? `${error.message}${error.cause ?? ""}` : "";
      }
      assert.ok(!notices.includes(marker), notices);
    }));
  });
}
