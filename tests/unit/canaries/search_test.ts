import { deepEqual, equal, throws } from "node:assert/strict";
import { freshCanary, mark } from "../../canaries/mark.ts";
import { Search } from "../../canaries/search.ts";

const secret = "dapi-of-ada/+~9";
const search = new Search([mark, secret]);

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `text` with a line break after every fifth character. */
const broken = (text: string, by = "\n"): string => text.replaceAll(/.{5}/g, `$&${by}`);

/** Encodings of `text` between other bytes. */
function writings(text: string): [name: string, bytes: Uint8Array][] {
  const coded = (["base64", "base64url"] as const).flatMap((alphabet) =>
    ["", "u", "u:", "user:"].map((before): [string, Uint8Array] => [
      `${alphabet} after "${before}"`,
      bytesOf(`{"auth":"${bytesOf(`${before}${text}-more`).toBase64({ alphabet })}"}`),
    ])
  );
  const base64 = bytesOf(`x-access-token:${text}`).toBase64();
  const hex = bytesOf(text).toHex();
  const each = (write: (code: string) => string): string =>
    [...bytesOf(text)].map((byte) => write(byte.toString(16).padStart(2, "0"))).join("");
  const wide = (isLittle: boolean): Uint8Array =>
    new Uint8Array([...bytesOf(`<${text}>`)].flatMap((byte) => isLittle ? [byte, 0] : [0, byte]));
  return [
    ["plain", bytesOf(`token=${text};`)],
    ["uppercase", bytesOf(`TOKEN=${text.toUpperCase()}`)],
    ["between binary bytes", new Uint8Array([0xff, 0, 0xc3, ...bytesOf(text), 0xfe])],
    ...coded,
    ["base64 in a URL", bytesOf(`?a=${encodeURIComponent(base64)}&b=`)],
    ["base64 broken over lines", bytesOf(broken(base64, "\r\n"))],
    ["base64 broken over lines, in JSON", bytesOf(JSON.stringify({ a: broken(base64) }))],
    ["hexadecimal", bytesOf(`0x${hex}ff`)],
    ["uppercase hexadecimal", bytesOf(hex.toUpperCase())],
    ["hexadecimal in pairs", bytesOf(hex.replaceAll(/../g, "$& "))],
    ["hexadecimal with colons", bytesOf(hex.replaceAll(/..(?!$)/g, "$&:"))],
    ["URL-encoded", bytesOf(`?token=${encodeURIComponent(text)}`)],
    ["URL-encoded throughout", bytesOf(each((code) => `%${code}`))],
    ["JSON", bytesOf(JSON.stringify([text]))],
    ["JSON, escaped throughout", bytesOf(each((code) => `\\u00${code}`))],
    ["escaped as in C", bytesOf(each((code) => `\\x${code}`))],
    ["JSON with escaped slashes", bytesOf(JSON.stringify(text).replaceAll("/", "\\/"))],
    ["UTF-16, little end first", wide(true)],
    ["UTF-16, big end first", wide(false)],
    ["broken over lines", bytesOf(broken(text))],
    ["broken over lines, in a shell", bytesOf(broken(text, "\\\n"))],
    ["broken over indented lines", bytesOf(broken(text, "\r\n\t  "))],
  ];
}

for (const [name] of writings(secret)) {
  Deno.test(`a secret is found: ${name}`, () => {
    for (const [text, known] of [[secret, secret], [`at-1-${freshCanary()}`, mark]] as const) {
      const [, bytes] = writings(text).find(([it]) => it === name) ?? [];
      equal(search.find(bytes ?? new Uint8Array())?.secret, known);
    }
  });
}

Deno.test("a secret with spaces and escapes is found", () => {
  const odd = new Search([String.raw`it's-\n-a token`]);
  for (const text of [String.raw`it's-\n-a token`, String.raw`"it's-\\n-a token"`]) {
    equal(odd.findIn(text)?.encoding, "plain");
  }
});

Deno.test("all secrets are found", () => {
  const two = new Search(["dapi-of-ada", "dapi-of-bob"]);
  const found = two.findAll(bytesOf(`dapi-of-bob ${bytesOf("dapi-of-ada").toHex()}`));
  deepEqual(found.map((it) => it.secret), ["dapi-of-ada", "dapi-of-bob"]);
});

Deno.test("other texts and random bytes contain no secret", () => {
  const others = [...writings("dapi-of-eve/+~9"), ...writings(crypto.randomUUID())];
  deepEqual(others.map(([name, bytes]) => [name, search.find(bytes)]).filter(([, it]) => it), []);
  equal(search.find(crypto.getRandomValues(new Uint8Array(65_536))), undefined);
  equal(search.find(new Uint8Array()), undefined);
});

Deno.test("a secret that is too short is refused", () => {
  throws(() => new Search(["short"]), /Too short to be searched for: short/);
  throws(() => new Search(["a b\\n c d"]), /Too short/);
});
