import assert from "node:assert/strict";
import type { Finding } from "../../../../src/migrate/source.ts";
import { astro } from "../../../../src/migrate/sources/astro.ts";
import { environmentOf } from "../../../fakes/machine/environment.ts";
import { noon } from "../../../fakes/stores/credentials.ts";

/** The findings in a context that has `lines`. */
function findIn(...lines: string[]): Finding[] {
  const context = lines.map((line) => `    ${line}\n`).join("");
  return astro.find([{ path: "config.yaml", text: `contexts:\n  my_org:\n${context}` }], noon);
}

Deno.test("astro's file is found where astro looks for it", () => {
  const paths = (variables: Record<string, string>): string[] =>
    astro.paths(environmentOf(variables), "linux");
  assert.deepEqual(paths({ HOME: "/h" }), ["/h/.astro/config.yaml"]);
  assert.deepEqual(paths({ HOME: "/h", ASTRO_HOME: "/a" }), ["/a/.astro/config.yaml"]);
  const profile = environmentOf({ USERPROFILE: "C:/me", HOME: "/h" });
  assert.deepEqual(astro.paths(profile, "windows"), ["C:/me/.astro/config.yaml"]);
});

Deno.test("a login of astro gives its token without Bearer, for the domain in the file", () => {
  const [token, refresh] = findIn(
    "domain: astronomer.io",
    "token: Bearer at-1",
    "refreshtoken: rt-1",
    'ExpiresIn: "2026-01-03T12:00:00.123456789Z"',
  );
  assert.equal(token?.secret.reveal(), "at-1");
  assert.deepEqual(token?.profile, {
    name: "astronomer.io",
    provider: "token",
    host: "https://astronomer.io",
  });
  assert.equal(token?.obstacle, undefined);
  assert.equal(token?.expiresAt, Date.UTC(2026, 0, 3, 12, 0, 0, 123));
  assert.equal(refresh?.secret.reveal(), "rt-1");
  assert.equal(refresh?.obstacle, "foreign-refresh-token");
});

Deno.test("a context without a domain has its key as name and no host", () => {
  const [token] = findIn("token: at-1");
  assert.deepEqual(token?.profile, { name: "my_org", provider: "token" });
});

Deno.test("an expired token is not migrated", () => {
  const [token] = findIn("token: at-1", "refreshtoken: rt-1", "ExpiresIn: 2026-01-02T12:00:00Z");
  assert.equal(token?.obstacle, "expired");
});

Deno.test("a copy of ASTRO_API_TOKEN is recognized by its expiry and is not a login", () => {
  const far = "ExpiresIn: 2082-01-02T12:00:00Z";
  assert.equal(findIn("token: at-1", far)[0]?.obstacle, "environment-token");
  assert.equal(findIn("token: at-1", 'refreshtoken: ""', far)[0]?.obstacle, "environment-token");
  assert.equal(findIn("token: at-1", "refreshtoken: rt-1", far)[0]?.obstacle, undefined);
  const near = "ExpiresIn: 2026-01-09T12:00:00Z";
  assert.equal(findIn("token: at-1", near)[0]?.obstacle, undefined);
});

Deno.test("a token for an address with credentials or without TLS is not migrated", () => {
  for (const domain of ["http://astronomer.io", "https://me:pw@astronomer.io", "a b"]) {
    assert.equal(findIn(`domain: "${domain}"`, "token: at-1")[0]?.obstacle, "no-address", domain);
  }
});
