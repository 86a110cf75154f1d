import assert from "node:assert/strict";
import fc from "fast-check";
import { readJwtLife } from "../../../src/text/jwt.ts";

function part(value: unknown): string {
  return new TextEncoder().encode(JSON.stringify(value))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

function jwt(claims: unknown, head: unknown = { alg: "RS256" }): string {
  return `${part(head)}.${part(claims)}.signature`;
}

Deno.test("readJwtLife returns the expiry of a JWT, if it has one", () => {
  assert.deepEqual(readJwtLife(jwt({ exp: 1_700_000_000 })), { expiresAt: 1_700_000_000_000 });
  assert.deepEqual(readJwtLife(jwt({ exp: 1e300, sub: "é" })), { expiresAt: 8.64e15 });
  assert.deepEqual(readJwtLife(jwt({ sub: "robot" })), {});
});

Deno.test("readJwtLife returns undefined for text that only resembles a JWT", () => {
  const good = jwt({});
  const cut = [good.slice(0, -10), good.replace(".", ""), `${good}.x`, ` ${good}`, `${good}\n`];
  const odd = [jwt([]), jwt(null), jwt("x"), jwt({}, 1), jwt({ exp: "1" }), jwt({ exp: -1 })];
  const plain = ["", "..", "a.b.c", "Bearer x", "e30.e30.", "/w.e30.x", `e30.${"!"}.x`];
  for (const text of [...cut, ...odd, ...plain]) {
    assert.equal(readJwtLife(text), undefined, JSON.stringify(text));
  }
});

Deno.test("readJwtLife does not throw for any text", () => {
  const near = fc.stringMatching(/^[\w-]{0,20}\.[\w-]{0,20}\.[\w-]{0,5}$/);
  fc.assert(fc.property(fc.oneof(fc.string(), near), (text) => {
    const life = readJwtLife(text);
    assert.ok(life === undefined || life.expiresAt === undefined || life.expiresAt >= 0);
  }));
});
