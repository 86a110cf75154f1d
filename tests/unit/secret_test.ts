import assert from "node:assert/strict";
import fc from "fast-check";
import { Secret } from "../../src/secret.ts";

const hidden = "correct horse battery staple";

Deno.test("a secret never prints its value", () => {
  const secret = new Secret(hidden);
  const prints: Record<string, unknown> = {
    template: `${secret}`,
    concatenation: "" + secret,
    json: JSON.stringify({ deep: [secret] }),
    inspect: Deno.inspect({ deep: [secret] }, { depth: Infinity, showHidden: true }),
    cause: Deno.inspect(new Error("failed", { cause: secret })),
    property: Deno.inspect(Object.assign(new Error("failed"), { secret })),
    names: Reflect.ownKeys(secret).map(String).join(),
    values: Object.values(secret).join(),
    clone: Deno.inspect(structuredClone({ ...secret })),
  };
  for (const [way, text] of Object.entries(prints)) {
    assert.ok(!String(text).includes(hidden), `${way} prints it`);
  }
  assert.equal(prints["template"], "[secret]");
});

Deno.test("reveal returns the value of a secret", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    assert.equal(new Secret(text).reveal(), text);
  }));
});

Deno.test("secrets are equal if their strings are", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
    assert.equal(new Secret(a).equals(new Secret(b)), a === b);
    assert.ok(new Secret(a).equals(new Secret(a)));
  }));
});
