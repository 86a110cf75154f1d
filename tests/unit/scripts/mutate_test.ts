import assert from "node:assert/strict";
import { mutate } from "../../../scripts/mutate.ts";
import { mutations } from "../../../scripts/mutations.ts";

const top = new URL("../../../", import.meta.url);

Deno.test("each of at least twenty mutations still finds its line, and the tests that are to notice it", async () => {
  assert.ok(mutations.length >= 20);
  for (const mutation of mutations) {
    const text = await Deno.readTextFile(new URL(mutation.file, top));
    assert.notEqual(mutate(text, mutation), text, mutation.name);
    assert.ok(mutation.tests.length > 0, mutation.name);
    for (const path of mutation.tests) {
      assert.match(await Deno.readTextFile(new URL(path, top)), /Deno\.test|testSecretStore/, path);
    }
  }
});

Deno.test("a mutation whose line is gone, or there twice, is an error", () => {
  const mutation = { name: "n", file: "f", from: "a", to: "b", tests: [] };
  assert.equal(mutate("xay", mutation), "xby");
  for (const text of ["xy", "aa"]) assert.throws(() => mutate(text, mutation), /times/);
});
