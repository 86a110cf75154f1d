import assert from "node:assert/strict";
import fc from "fast-check";
import { FobError } from "../../../src/errors.ts";
import { requireLinkedUrl, requireSecureUrl } from "../../../src/oauth/secure_url.ts";
import { failure } from "./fixture.ts";

const accepted = {
  "https://example.com": "https://example.com/",
  "example.com": "https://example.com/",
  "example.com:8443/base": "https://example.com:8443/base",
  "localhost:8080": "https://localhost:8080/",
  "HTTPS://EXAMPLE.com": "https://example.com/",
  "http://localhost:1234/x": "http://localhost:1234/x",
  "http://127.0.0.1": "http://127.0.0.1/",
  "http://127.255.0.9:81": "http://127.255.0.9:81/",
  "http://127.1": "http://127.0.0.1/",
  "http://[::1]:9": "http://[::1]:9/",
};

const refused = {
  "http://example.com": /not secure: http is allowed only for localhost/,
  "http://localhost.example.com": /not secure/,
  "http://127.0.0.1.example.com": /not secure/,
  "http://10.0.0.1": /not secure/,
  "http://128.0.0.1": /not secure/,
  "http://[::ffff:127.0.0.1]": /not secure/,
  "http://0.0.0.0": /not secure/,
  "ftp://example.com": /not secure: it must use https/,
  "file:///etc/passwd": /not secure/,
  "javascript:alert(1)": /not an address/,
  "javascript://example.com/%0aalert(1)": /not secure/,
  "https://ada:word@example.com": /contains credentials/,
  "https://ada@example.com": /contains credentials/,
  "ada:word@example.com": /contains credentials/,
  "https://example.com/#x": /contains a fragment/,
  "https://example.com#": /contains a fragment/,
  "": /not an address/,
  "https://": /not an address/,
  "exa mple.com": /not an address/,
  "https://exa\nmple.com": /not an address/,
  "https://example.com:99999": /not an address/,
};

for (const [text, href] of Object.entries(accepted)) {
  Deno.test(`the host ${JSON.stringify(text)} is accepted`, () => {
    assert.equal(requireSecureUrl(text, "host").href, href);
  });
}

for (const [text, why] of Object.entries(refused)) {
  Deno.test(`the host ${JSON.stringify(text)} is refused, with the reason`, async () => {
    const error = await failure("usage", () => requireSecureUrl(text, "host"));
    assert.match(error.message, /^The host "/);
    assert.match(error.message, why);
    assert.ok(!error.message.includes("word"), "the password is in the message");
  });
}

Deno.test("for any text, an accepted URL is https or on this computer, without credentials", () => {
  const part = fc.constantFrom(
    "http://",
    "https://",
    "127.0.0.1",
    "@",
    ":",
    "/",
    "#",
    "\\",
    "a.b",
    "[::1]",
  );
  const text = fc.oneof(fc.webUrl(), fc.array(part).map((parts) => parts.join("")), fc.string());
  fc.assert(fc.property(text, (address) => {
    try {
      const url = requireSecureUrl(address, "host");
      const local = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
      assert.ok(url.protocol === "https:" || (url.protocol === "http:" && local), url.href);
      assert.equal(url.username + url.password + url.hash, "");
    } catch (error) {
      assert.ok(error instanceof FobError && error.code === "usage", String(error));
    }
  }));
});

Deno.test("a document may name an http URL on this computer only if it comes from this computer", async () => {
  const endpoint = "http://127.0.0.1:1/token";
  const local = new URL("http://localhost:2");
  assert.equal(requireLinkedUrl(endpoint, "token_endpoint", local).href, endpoint);
  const far = new URL("https://example.com");
  const error = await failure(
    "provider_answer_invalid",
    () => requireLinkedUrl(endpoint, "token_endpoint", far),
  );
  assert.equal(
    error.message,
    'The token_endpoint "http://127.0.0.1:1/token" of "https://example.com" is not secure: ' +
      "it must use https",
  );
});

Deno.test("a document with a URL that is not a string is refused", async () => {
  const from = new URL("https://example.com");
  for (const value of [undefined, 7, {}, ""]) {
    await failure("provider_answer_invalid", () => requireLinkedUrl(value, "token_endpoint", from));
  }
});
