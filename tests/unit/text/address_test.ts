import assert from "node:assert/strict";
import {
  hasScheme,
  parseAddress,
  secureOrigin,
  shownAddress,
  shownName,
  webOrigin,
} from "../../../src/text/address.ts";

Deno.test("parseAddress defaults to https, and a port or a query is not a scheme", () => {
  assert.equal(parseAddress("h.example")?.href, "https://h.example/");
  assert.equal(parseAddress("localhost:8080")?.href, "https://localhost:8080/");
  assert.equal(parseAddress("h.example/?next=x://y")?.href, "https://h.example/?next=x://y");
  assert.equal(parseAddress("h.example", "http")?.href, "http://h.example/");
  assert.equal(parseAddress("HTTP://h.example")?.href, "http://h.example/");
  assert.ok(!hasScheme("h.example/?next=x://y"));
});

Deno.test("parseAddress rejects blanks and control characters", () => {
  for (const text of ["", "https://", "a b", " h.example", "h.exa\tmple", "h\u202e.example"]) {
    assert.equal(parseAddress(text), undefined, JSON.stringify(text));
    assert.equal(webOrigin(text), undefined);
  }
});

const secure: [text: string, origin: string | undefined][] = [
  ["h.example/path?q", "https://h.example"],
  ["https://h.example:8443", "https://h.example:8443"],
  ["http://localhost:1", "http://localhost:1"],
  ["http://127.0.0.1:1", "http://127.0.0.1:1"],
  ["http://127.9.9.9", "http://127.9.9.9"],
  ["http://[::1]:1", "http://[::1]:1"],
  ["http://h.example", undefined],
  ["http://127.0.0.1.example", undefined],
  ["http://localhost.example", undefined],
  ["https://me:s3cret@h.example", undefined],
  ["https://me@h.example", undefined],
  ["ftp://h.example", undefined],
];

for (const [text, origin] of secure) {
  Deno.test(`a token for "${text}" may be sent to ${origin ?? "nothing"}`, () => {
    assert.equal(secureOrigin(text), origin);
  });
}

Deno.test("shownAddress removes text before an @, and shownName keeps a profile name", () => {
  assert.equal(shownAddress("https://me:s3cret@h.example/p"), "…@h.example/p");
  assert.equal(shownAddress("t0ken@h.example"), "…@h.example");
  assert.equal(shownName("https://me:s3cret@h.example"), "…@h.example");
  assert.equal(shownName("me:s3cret@h.example"), "…@h.example");
  assert.equal(shownName("work@home"), "work@home");
  assert.equal(shownName("a\x1b[2J"), "a [2J");
  assert.equal([...shownName("n".repeat(200))].length, 80);
});
