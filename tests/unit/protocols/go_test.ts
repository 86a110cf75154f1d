import assert from "node:assert/strict";
import { go } from "../../../src/protocols/go.ts";
import { issued, parse, parseGet, printed } from "./tool.ts";

const url = "https://Proxy.example:8443/mod/@v/list?go-get=1";
const host = "https://proxy.example:8443";

Deno.test("go helper returns nothing without a URL", () => {
  assert.deepEqual(parse(go, []), { kind: "done", done: printed("") });
  assert.equal(go.readsInput([]), false);
});

Deno.test("go helper returns a header for the requested host, in its spelling", () => {
  const request = parseGet(go, [url], "HTTP/1.1 404 Not Found\nServer: x\n\n");
  assert.deepEqual(
    request.reply(issued(host)),
    printed("https://Proxy.example:8443\n\nAuthorization: Bearer at-1\n\n"),
  );
  assert.deepEqual(request.miss, printed(""));
  assert.equal(request.isRefused, false);
  assert.equal(go.readsInput([url]), true);
});

Deno.test("go helper refreshes a token that the server refused", () => {
  const response = 'HTTP/1.1 401 Unauthorized\nWww-Authenticate: Bearer error="invalid_token"\n\n';
  assert.equal(parseGet(go, [url], response).isRefused, true);
});

Deno.test("go helper refuses plain http to another computer and injected lines", () => {
  assert.deepEqual(parse(go, ["http://proxy.example/"]), { kind: "done", done: printed("") });
  const urls = [
    "https://proxy.example\n\nX: y/",
    "https://proxy.example\r/",
    "https://me@proxy.example/",
    "proxy.example",
    "",
  ];
  for (const it of urls) assert.throws(() => parse(go, [it]), { code: "usage" }, it);
  assert.throws(() => parse(go, [url, url]), { code: "usage" });
  assert.throws(() => parse(go, [url], "x".repeat(1 << 21)), { code: "usage" });
});
