import assert from "node:assert/strict";
import fc from "fast-check";
import { apiAddress, describeAddress, isAt } from "../../../src/api/address.ts";
import { FobError } from "../../../src/errors.ts";

const api = new URL("https://api.example.com/v2");

/** The error message for `path`. */
function refusalOf(path: string): string {
  try {
    return `no refusal but ${apiAddress(path, api).href}`;
  } catch (error) {
    assert.ok(error instanceof FobError);
    assert.equal(error.code, "usage");
    return error.message;
  }
}

Deno.test("a path is appended to the base path of the API", () => {
  const below = (path: string): string => apiAddress(path, api).href;
  assert.equal(below("/me"), "https://api.example.com/v2/me");
  assert.equal(below("me?q=a b"), "https://api.example.com/v2/me?q=a%20b");
  assert.equal(below(""), "https://api.example.com/v2/");
  assert.equal(below("//evil.example/x"), "https://api.example.com/v2//evil.example/x");
  assert.equal(below("\\\\evil.example"), "https://api.example.com/v2///evil.example");
  assert.equal(below("@evil.example/x"), "https://api.example.com/v2/@evil.example/x");
  assert.equal(apiAddress("/me", new URL("https://h.example/")).href, "https://h.example/me");
});

Deno.test("a complete URL of the same origin is used unchanged", () => {
  assert.equal(apiAddress("HTTPS://API.example.com:443/x", api).href, "https://api.example.com/x");
});

Deno.test("a URL at another origin is rejected, and the error omits its query", () => {
  for (
    const path of [
      "https://evil.example/x?key=hidden",
      "http://api.example.com/x",
      "https://api.example.com:8443/",
      "https://api.example.com.evil.example/",
      "ftp://api.example.com/",
    ]
  ) {
    assert.match(refusalOf(path), /^".*" is not at "https:\/\/api\.example\.com", the only/, path);
    assert.ok(!refusalOf(path).includes("hidden"));
  }
});

Deno.test("credentials, fragments and control characters are rejected", () => {
  assert.match(refusalOf("https://ada:secret@api.example.com/"), /contains credentials$/);
  assert.match(refusalOf("/a#b"), /write "#" as %23$/);
  assert.match(refusalOf("/a\r\nHost: evil.example"), /control characters/);
  assert.match(refusalOf("https://[/"), /is not a valid URL$/);
});

Deno.test("every input gives a URL of the API's origin or an error", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "/",
      "\\",
      "@",
      ":",
      "..",
      "https://",
      "//",
      "evil.example",
      "api.example.com",
      "?",
      "%2f",
      ".",
    ),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const path = parts.join("");
      try {
        const url = apiAddress(path, api);
        assert.equal(url.origin, api.origin);
        assert.ok(isAt(api, url));
      } catch (error) {
        assert.ok(error instanceof FobError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});

Deno.test("the description of a URL omits its possible secrets", () => {
  const text = describeAddress(new URL("https://ada:pw@h.example/path?key=k#f"));
  assert.equal(text, "https://h.example/path");
  assert.equal(describeAddress(new URL("data:text/plain,secret")), "data:");
  assert.equal(describeAddress(new URL(`https://h.example/${"x".repeat(500)}`)).length, 200);
});
