import assert from "node:assert/strict";
import fc from "fast-check";
import { readHeaders } from "../../../src/api/request_headers.ts";
import { FobError } from "../../../src/errors.ts";

Deno.test("headers are parsed, and may be repeated", () => {
  const headers = readHeaders(["Accept: text/plain", "x-a:1", "X-A:  2 \t", "X-Empty:"]);
  assert.deepEqual([...headers], [["accept", "text/plain"], ["x-a", "1, 2"], ["x-empty", ""]]);
});

Deno.test("headers that fob sets are rejected with the reason, in any case", () => {
  for (
    const name of [
      "Authorization",
      "HOST",
      "content-length",
      "Transfer-Encoding",
      "Connection",
      "Accept-Encoding",
    ]
  ) {
    assert.throws(
      () => readHeaders([`${name}: hidden`]),
      (error) =>
        error instanceof FobError && error.code === "usage" &&
        error.message.startsWith(`--header cannot set "${name}": `) &&
        !error.message.includes("hidden"),
    );
  }
});

Deno.test("no text sets two headers or one of fob's, and no error contains it", () => {
  const part = fc.oneof(
    fc.constantFrom("X-A", ":", " ", "\r\n", "\n", "\r", "\0", "Authorization", "\u2028", "hidden"),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const text = parts.join("");
      try {
        const headers = [...readHeaders([text])];
        assert.equal(headers.length, 1);
        assert.ok(!headers.some(([name]) => name === "authorization"));
        assert.ok(headers.every(([, value]) => !/[\r\n\0]/.test(value)));
      } catch (error) {
        assert.ok(error instanceof FobError, String(error));
        assert.ok(!error.message.includes("hidden") || text.startsWith("hidden"));
      }
    }),
    { numRuns: 3000 },
  );
});
