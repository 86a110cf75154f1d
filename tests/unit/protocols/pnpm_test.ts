import assert from "node:assert/strict";
import { pnpm } from "../../../src/protocols/pnpm.ts";
import { Secret } from "../../../src/secret.ts";
import { issued, parse, parseGet, printed } from "./tool.ts";

const host = "https://npm.example";

Deno.test("pnpm helper returns the header value", () => {
  const request = parseGet(pnpm, []);
  assert.equal(request.target, undefined);
  assert.deepEqual(request.reply(issued(host, { tokenType: "bearer" })), printed("Bearer at-1\n"));
  assert.deepEqual(request.reply({ secret: new Secret("npm_1") }), printed("Bearer npm_1\n"));
});

Deno.test("pnpm helper fails with a message without a credential", () => {
  const none = {
    stdout: "",
    stderr: "fob: No credential for this registry\n",
    exitCode: 1,
  };
  assert.deepEqual(parseGet(pnpm, []).miss, none);
});

Deno.test("pnpm helper refuses arguments and a token that is invalid in a header", () => {
  for (const text of ["a b", "ä", " a"]) {
    const answer = issued(host, { secret: new Secret(text) });
    assert.throws(() => parseGet(pnpm, []).reply(answer), { code: "provider_answer_invalid" });
  }
  assert.throws(() => parse(pnpm, ["https://npm.example"]), { code: "usage" });
  assert.equal(pnpm.readsInput([]), false);
});
