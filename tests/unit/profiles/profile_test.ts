import assert from "node:assert/strict";
import fc from "fast-check";
import {
  accountOf,
  assertProfileName,
  isSameHost,
  looksLikeHost,
  nameFor,
} from "../../../src/profiles/profile.ts";

const letters = fc.constantFrom(..."aZ09\u00e4\u6f22\u{20000}");
const name = fc.tuple(
  letters,
  fc.string({ unit: fc.oneof(letters, fc.constantFrom(..."._@+-")), maxLength: 63 }),
)
  .map((parts) => parts.join("")).filter((name) => name.length <= 64);

Deno.test("a profile name has letters, digits and . _ @ + -", () => {
  fc.assert(fc.property(name, assertProfileName));
  assertProfileName("\u6f22".repeat(64));
});

Deno.test("a profile name with characters special to a shell, INI file, path or keychain is rejected", () => {
  const names = [
    "",
    "-p",
    ".",
    "..",
    ".a",
    "@a",
    "a b",
    "a/b",
    "a\\b",
    "a:b",
    "a]",
    "a;b",
    "a#b",
    "a=b",
  ]
    .concat(
      "a\n",
      "\u0000",
      "a\u001b",
      "__settings__",
      "a".repeat(65),
      "\u{1f511}",
      "a\u202e",
      "a\u0301",
    );
  for (const name of names) {
    assert.throws(() => assertProfileName(name), { code: "usage" }, JSON.stringify(name));
  }
});

Deno.test("the error for a long profile name is short", () => {
  assert.throws(
    () => assertProfileName("/".repeat(10_000)),
    (error: Error) => error.message.length < 250,
  );
});

Deno.test("different profiles have different accounts", () => {
  fc.assert(fc.property(name, name, (a, b) => {
    const [one, other] = [a, b].map((name) => accountOf({ provider: "oidc", name }));
    assert.equal(one === other, a === b);
  }));
  assert.equal(accountOf({ provider: "oidc", name: "work" }), "oidc:work");
});

Deno.test("a profile without a name is named after its host, with the port", () => {
  assert.equal(nameFor("https://api.example.com/path?a=b"), "api.example.com");
  assert.equal(nameFor("http://localhost:8080"), "localhost-8080");
  assert.equal(nameFor("https://api.example.com:443"), "api.example.com");
});

Deno.test("the name derived from any host is valid", () => {
  const long = `https://${["a", "b", "c"].map((it) => it.repeat(40)).join(".")}.example`;
  for (
    const url of ["http://[::1]:8080", "https://[2001:db8::1]", "https://z\u00fcrich.example", long]
  ) {
    assert.doesNotThrow(() => assertProfileName(nameFor(url)), url);
  }
  fc.assert(fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
    assertProfileName(nameFor(url));
  }));
});

Deno.test("looksLikeHost accepts URLs, domain names, IP addresses and localhost with a port", () => {
  const hosts = [
    "https://a",
    "api.example.com",
    "api.example.com/path",
    "a.b.example:8080",
    "localhost:8080",
  ]
    .concat("127.0.0.1:80", "10.0.0.1", "[::1]:8080", "[::1]", "http://localhost");
  for (const text of hosts) assert.equal(looksLikeHost(text), true, text);
  for (const text of ["work", "localhost", "v1.2", "a@b", "1", "work-2", "a+b"]) {
    assert.equal(looksLikeHost(text), false, text);
  }
});

Deno.test("isSameHost matches spellings of one host, and no other host", () => {
  const known = "https://api.example.com/v1";
  for (const typed of ["api.example.com", "API.example.com:443/path", `${known}/`, `${known}?a`]) {
    assert.equal(isSameHost(typed, known), true, typed);
  }
  for (const typed of ["http://api.example.com", "api.example.com:8443", "api.example.org"]) {
    assert.equal(isSameHost(typed, known), false, typed);
  }
  assert.equal(isSameHost("localhost:8080", "http://localhost:8080"), true);
});

Deno.test("isSameHost is false for text that is not an http or https address", () => {
  for (const text of ["", "://", "https://", "a b", "http://[", "foo://bar", "data://x"]) {
    assert.equal(isSameHost(text, text), false, text);
    assert.equal(isSameHost(text, "https://api.example.com"), false, text);
  }
});
