import assert from "node:assert/strict";
import { countDisposals } from "../../../../scripts/release/bundle.ts";

Deno.test("using declarations are counted in source and in minified code", () => {
  const source = `  using _lock = await take();\n  await using it = open(); // using nothing\n`;
  assert.equal(countDisposals(source), 2);
  assert.equal(countDisposals("async()=>{using e=await a();await using $b_1=c();return e}"), 2);
  assert.equal(countDisposals("return(await f())===void 0"), 0);
});
