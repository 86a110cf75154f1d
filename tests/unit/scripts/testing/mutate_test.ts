import assert from "node:assert/strict";
import { mutate } from "../../../../scripts/testing/mutate.ts";
import { mutations } from "../../../../scripts/testing/mutations.ts";

const top = new URL("../../../../", import.meta.url);

Deno.test("every mutation finds its line and the file of its test", async () => {
  assert.ok(mutations.length >= 20);
  for (const mutation of mutations) {
    const text = await Deno.readTextFile(new URL(mutation.file, top));
    assert.notEqual(mutate(text, mutation), text, mutation.name);
    const test = await Deno.readTextFile(new URL(mutation.test, top));
    assert.match(test, /Deno\.test|testSecretStore/, mutation.test);
  }
});

Deno.test("a mutation with a missing or repeated line is an error", () => {
  const mutation = { name: "n", file: "f", from: "a", to: "b", test: "t", noticedBy: "it" };
  assert.equal(mutate("xay", mutation), "xby");
  for (const text of ["xy", "aa"]) assert.throws(() => mutate(text, mutation), /expected once/);
});
