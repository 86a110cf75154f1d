import assert from "node:assert/strict";
import { go } from "../../../src/protocols/go.ts";
import { hear, hearGet, issued, says } from "./tool.ts";

const url = "https://Proxy.example:8443/mod/@v/list?go-get=1";
const host = "https://proxy.example:8443";

Deno.test("before anything was asked for, go gets nothing", () => {
  assert.deepEqual(hear(go, []), { kind: "done", done: says("") });
  assert.equal(go.readsInput([]), false);
});

Deno.test("go gets a header for the host that it asks about, as it wrote it", () => {
  const request = hearGet(go, [url], "HTTP/1.1 404 Not Found\nServer: x\n\n");
  assert.deepEqual(
    request.reply(issued(host)),
    says("https://Proxy.example:8443\n\nAuthorization: Bearer at-1\n\n"),
  );
  assert.deepEqual(request.miss, says(""));
  assert.equal(request.isRefused, false);
  assert.equal(go.readsInput([url]), true);
});

Deno.test("a token that the server says is no good is to be refreshed", () => {
  const response = 'HTTP/1.1 401 Unauthorized\nWww-Authenticate: Bearer error="invalid_token"\n\n';
  assert.equal(hearGet(go, [url], response).isRefused, true);
});

Deno.test("nothing goes over plain http to another computer, and no line can be slipped in", () => {
  assert.deepEqual(hear(go, ["http://proxy.example/"]), { kind: "done", done: says("") });
  const urls = [
    "https://proxy.example\n\nX: y/",
    "https://proxy.example\r/",
    "https://me@proxy.example/",
    "proxy.example",
    "",
  ];
  for (const it of urls) assert.throws(() => hear(go, [it]), { code: "usage" }, it);
  assert.throws(() => hear(go, [url, url]), { code: "usage" });
  assert.throws(() => hear(go, [url], "x".repeat(1 << 21)), { code: "usage" });
});
