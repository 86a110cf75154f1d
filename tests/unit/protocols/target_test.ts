import assert from "node:assert/strict";
import fc from "fast-check";
import { FobError } from "../../../src/errors.ts";
import { isFor, targetOf, targetOfText, targetOfUrl } from "../../../src/protocols/target.ts";

const same: [asked: string, origins: string[]][] = [
  ["https://example.com", ["https://example.com"]],
  ["https://EXAMPLE.com/", ["https://example.com"]],
  ["HTTPS://example.com:443", ["https://example.com"]],
  ["https://example.com:0443", ["https://example.com"]],
  ["https://example.com:8443", ["https://example.com:8443"]],
  ["https://my_host.internal", ["https://my_host.internal"]],
  ["https://xn--mnchen-3ya.example", ["https://xn--mnchen-3ya.example"]],
  ["https://München.example", ["https://xn--mnchen-3ya.example"]],
  ["https://σοφια.example", ["https://xn--mxaprpq.example"]],
  ["https://[2001:DB8::1]:8443", ["https://[2001:db8::1]:8443"]],
  ["https://[0:0:0:0:0:0:0:1]", ["https://[::1]"]],
  ["grpcs://example.com", ["https://example.com"]],
  ["http://127.0.0.1:5055", ["http://127.0.0.1:5055"]],
  ["http://localhost:80", ["http://localhost"]],
  ["http://[::1]:8080", ["http://[::1]:8080"]],
  ["example.com", ["https://example.com"]],
  ["example.com:5000", ["https://example.com:5000"]],
  ["127.0.0.1:5055", ["https://127.0.0.1:5055", "http://127.0.0.1:5055"]],
  ["localhost:80", ["https://localhost:80", "http://localhost"]],
];

for (const [asked, origins] of same) {
  Deno.test(`the target of ${asked} is ${origins.join(" or ")}`, () => {
    assert.deepEqual(targetOfText(asked)?.origins, origins);
  });
}

Deno.test("a target over plain http to another computer, or with another scheme, gets no credential", () => {
  for (
    const url of [
      "http://example.com",
      "http://127.0.0.1.example.com",
      "http://localhost.example.com",
      "http://localhost.",
      "http://10.0.0.1",
      "http://[::2]",
      "grpc://example.com",
      "ssh://example.com",
      "file:///etc/passwd",
      "cert:///etc/key.pem",
      "constructor://example.com",
    ]
  ) assert.equal(targetOfUrl(url), undefined, url);
});

const hostile = [
  "https://",
  "https:///path",
  "https://user@example.com",
  "https://user:secret@example.com",
  "https://example.com@evil.example",
  "https://example.com\\@evil.example",
  "https://example.com\\.evil.example",
  "https://exa%6dple.com",
  "https://example.com%00.evil.example",
  "https://example.com:",
  "https://example.com:port",
  "https://example.com:123456",
  "https://example.com:99999",
  "https://example.com:443:443",
  "https://exam ple.com",
  "https://example.com ",
  " https://example.com",
  "https://example.com\t",
  "https://exam\tple.com",
  "https://example.com\r",
  "https://example.com\n",
  "https://example.com\0",
  "https://example.com\x1b[2K",
  "https://example.com\u2028",
  "https://example.com/\r\npath",
  "https://ex\ufffdmple.com",
  "https://.example.com",
  "https://example..com",
  "https://.",
  "https://::1",
  "https://[::1",
  "https://[::1]]",
  "https://[fe80::1%25eth0]",
  "https://2130706433",
  "https://0x7f.1",
  "https://127.1",
  "https://0177.0.0.1",
  "https://１２７.０.０.１",
  "https://ｅxample.com",
  "https://example。com",
  "https://exam\u00adple.com",
  "https://exam\u200bple.com",
  "https://\u212aexample.com",
  "https://faß.example",
  "https://FAẞ.example",
  "https://βόλος.example",
  "https://xn--\u0430.example",
  "example.com",
  "",
];

Deno.test("a host that parsers read differently is refused", () => {
  for (const url of hostile) {
    assert.throws(() => targetOfUrl(url), { name: "FobError", code: "usage" }, JSON.stringify(url));
  }
});

Deno.test("a password in a URL is not in the message", () => {
  for (const text of ["https://me:hunter2@example.com:x/", "me:hunter2@example.com"]) {
    assert.throws(() => targetOfText(text), (error) => {
      assert.ok(error instanceof FobError);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  }
});

Deno.test("a trailing dot makes a different host", () => {
  const target = targetOfText("example.com.");
  assert.ok(target !== undefined);
  assert.equal(isFor(target, "https://example.com"), false);
  assert.equal(isFor(target, "https://example.com."), true);
});

Deno.test("the path is unchanged", () => {
  assert.equal(targetOfUrl("https://index.docker.io/v1/")?.path, "v1/");
  assert.equal(targetOfUrl("https://h.example/%2e./A?q=1#f")?.path, "%2e./A?q=1#f");
  assert.equal(targetOfUrl("https://h.example?q=1")?.path, "?q=1");
  assert.equal(targetOfText("ghcr.io/org/name")?.path, "org/name");
  assert.equal(targetOf("https", "h.example", "org/name.git")?.path, "org/name.git");
  assert.equal(targetOfUrl("https://h.example/")?.path, undefined);
});

Deno.test("a credential is for a target with the same scheme, host and port", () => {
  const target = targetOfText("https://example.com:8443/x");
  assert.ok(target !== undefined);
  assert.equal(isFor(target, "https://EXAMPLE.com:8443/other/"), true);
  for (
    const host of [
      "https://example.com",
      "http://example.com:8443",
      "https://sub.example.com:8443",
      "https://example.com.evil.example:8443",
      "example.com:8443",
      "",
    ]
  ) assert.equal(isFor(target, host), false, host);
});

Deno.test("for any text, the target's host is in the text, or the text is refused", () => {
  const piece = fc.constantFrom(
    ..."https:// http:// example.com 127.0.0.1 [::1] : 443 8443 / \\ @ % %2e . . .. # ? 0x7f \t \r \n \0 \x1b é ß ｅ 。 user: E x _ -"
      .split(" "),
    " ",
  );
  const text = fc.oneof(fc.array(piece, { maxLength: 8 }).map((it) => it.join("")), fc.string());
  fc.assert(
    fc.property(text, (asked) => {
      let target;
      try {
        target = targetOfText(asked);
      } catch (error) {
        assert.ok(error instanceof FobError && error.code === "usage");
        return assert.doesNotMatch(error.message, /[\p{Cc}]/u);
      }
      assert.doesNotMatch(target === undefined ? "" : asked, /\p{Cc}/u);
      const authority = asked.replace(/^[^/?#]*:\/\//, "").replace(/[/?#].*/, "").toLowerCase();
      for (const origin of target?.origins ?? []) {
        const { hostname } = new URL(origin);
        const isThere = authority === hostname || authority.startsWith(`${hostname}:`);
        assert.ok(isThere || /xn--|^\[/.test(hostname), `${JSON.stringify(asked)}: ${origin}`);
        assert.doesNotMatch(authority, /[@\\%\s]/);
      }
    }),
    { numRuns: 5000 },
  );
});
