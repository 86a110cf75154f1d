import assert from "node:assert/strict";
import { pnpm } from "../../../src/protocols/pnpm.ts";
import { Secret } from "../../../src/secret.ts";
import { issued, parse, parseGet, printed } from "./tool.ts";

const host = "https://npm.example";

Deno.test("pnpm gets the header", () => {
  const request = parseGet(pnpm, []);
  assert.equal(request.target, undefined);
  assert.deepEqual(request.reply(issued(host, { tokenType: "bearer" })), printed("Bearer at-1\n"));
  assert.deepEqual(request.reply({ secret: new Secret("npm_1") }), printed("Bearer npm_1\n"));
});

Deno.test("where there is none, pnpm gets an exit code, and the person a fact", () => {
  const none = {
    stdout: "",
    stderr: "fob: There is no credential for this registry\n",
    exitCode: 1,
  };
  assert.deepEqual(parseGet(pnpm, []).miss, none);
});

Deno.test("a token that no header carries is an error, as are words", () => {
  for (const text of ["a b", "ä", " a"]) {
    const answer = issued(host, { secret: new Secret(text) });
    assert.throws(() => parseGet(pnpm, []).reply(answer), { code: "provider_answer_invalid" });
  }
  assert.throws(() => parse(pnpm, ["https://npm.example"]), { code: "usage" });
  assert.equal(pnpm.readsInput([]), false);
});
