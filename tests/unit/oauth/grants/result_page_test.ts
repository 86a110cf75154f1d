import assert from "node:assert/strict";
import fc from "fast-check";
import { type Outcome, pageHeaders, resultPage } from "../../../../src/oauth/grants/result_page.ts";

const outcomes: Outcome[] = [
  { outcome: "signed-in", host: "api.example.com" },
  { outcome: "failed", reason: "It was refused", kept: "nothing" },
  { outcome: "failed", reason: "It took too long", kept: "unknown" },
  { outcome: "pending" },
];

for (const result of outcomes) {
  Deno.test(`the page of ${JSON.stringify(result)} is complete and loads nothing`, () => {
    const page = resultPage(result);
    assert.match(page, /^<!doctype html>\n<html lang="en" class="[a-z-]+">/);
    assert.match(page, /<title>[^<]+ · fob<\/title>/);
    assert.match(page, /<meta name="viewport" content="width=device-width, initial-scale=1">/);
    assert.match(page, /prefers-color-scheme: dark/);
    assert.doesNotMatch(page, /<script|@import|url\(|src=|\bon\w+=|undefined/i);
    const links = [...page.matchAll(/href="([^"]{5})/g)].map(([, start]) => start);
    assert.deepEqual(links, ["data:"]);
  });
}

Deno.test("each page shows its outcome, and only one says signed in", () => {
  const [signedIn, failed, unknown, pending] = outcomes.map(resultPage);
  assert.match(signedIn ?? "", /You are signed in to <b>api\.example\.com<\/b>/);
  assert.match(failed ?? "", /You are not signed in.*It was refused.*No credential was stored/s);
  assert.match(unknown ?? "", /You are not signed in.*It took too long.*may have been stored/s);
  assert.match(pending ?? "", /fob is finishing/);
  for (const page of [failed, unknown, pending]) {
    assert.doesNotMatch(page ?? "", /You are signed in/);
  }
});

Deno.test("foreign text is escaped in the page", () => {
  const empty = resultPage({ outcome: "failed", reason: "", kept: "nothing" });
  const tags = (page: string): number => page.split("<").length + page.split('"').length;
  fc.assert(fc.property(fc.string({ unit: "binary" }), (reason) => {
    const page = resultPage({ outcome: "failed", reason, kept: "nothing" });
    assert.equal(tags(page), tags(empty));
  }));
  const page = resultPage({ outcome: "signed-in", host: "<b>&\"'" });
  assert.match(page, /signed in to <b>&#60;b&#62;&#38;&#34;&#39;<\/b>/);
});

Deno.test("the policy allows the page's own style and nothing else", async () => {
  const policy = (await pageHeaders())["content-security-policy"] ?? "";
  const style = /<style>([^]*)<\/style>/.exec(resultPage({ outcome: "pending" }))?.[1];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  assert.ok(policy.startsWith("default-src 'none'; "));
  assert.ok(policy.includes(`style-src 'sha256-${new Uint8Array(digest).toBase64()}';`));
});
