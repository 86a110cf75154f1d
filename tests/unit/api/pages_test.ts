import assert from "node:assert/strict";
import fc from "fast-check";
import { nextLink, nextPage } from "../../../src/api/pages.ts";
import { FobError } from "../../../src/errors.ts";

const api = new URL("https://api.example.com");
const here = new URL("https://api.example.com/list?page=1&q=a");
const pages = { member: "next_page_token", parameter: "page_token" };

function linked(link: string): { headers: Headers } {
  return { headers: new Headers({ link }) };
}

const links: readonly [header: string, target: string | undefined][] = [
  ['<https://h/2>; rel="next", <https://h/9>; rel="last"', "https://h/2"],
  ["</1>; rel=first, </2>; rel=next", "/2"],
  ['</2>;REL="prev NEXT"', "/2"],
  ['</2> ; title="a, <b>; rel=next" ; rel = "next"', "/2"],
  ['</1>; title="say \\"rel=next\\""; rel=prev', undefined],
  ["</2>; rel=prev; rel=next", undefined],
  ["</2>; rel=next; anchor=/other", undefined],
  ["</2>; rel=nextish", undefined],
  ["</a,b;c>; rel=next", "/a,b;c"],
  ["</2>", undefined],
  ["", undefined],
];

for (const [header, target] of links) {
  Deno.test(`the next page by the header ${JSON.stringify(header)} is ${target}`, () => {
    assert.equal(nextLink(header), target);
  });
}

Deno.test("a long header is parsed in linear time", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void nextLink(text)));
  for (const bad of ["<", "<>;", "<>; a", '<>; rel="', '<>;a="\\']) nextLink(bad.repeat(10_000));
});

Deno.test("a link is resolved relative to its page, within the origin", () => {
  assert.equal(
    nextPage(linked('<?page=2>; rel="next"'), here, api)?.href,
    "https://api.example.com/list?page=2",
  );
  assert.equal(nextPage(linked("</list>; rel=prev"), here, api), undefined);
});

Deno.test("a page at another origin is an error without its query", () => {
  for (
    const target of ["https://evil.example/?key=hidden", "http://api.example.com/", "//x:y@h/"]
  ) {
    assert.throws(
      () => nextPage(linked(`<${target}>; rel=next`), here, api),
      (error) =>
        error instanceof FobError && error.code === "api_refused" &&
        error.message.endsWith("so the token is not sent") && !error.message.includes("hidden"),
    );
  }
});

Deno.test("a page token replaces the previous one in the query", () => {
  const next = (text: string): string | undefined =>
    nextPage(linked(""), here, api, { pages, text })?.search;
  assert.equal(next('{"next_page_token": "a&b="}'), "?page=1&q=a&page_token=a%26b%3D");
  const second = new URL(`${here.href}&page_token=one`);
  const text = '{"next_page_token":"two"}';
  assert.equal(
    nextPage(linked(""), second, api, { pages, text })?.search,
    "?page=1&q=a&page_token=two",
  );
  for (
    const last of ["{}", '{"next_page_token":""}', '{"next_page_token":3}', "[]", "null", "no JSON"]
  ) {
    assert.equal(next(last), undefined, last);
  }
});
