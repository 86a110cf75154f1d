import assert from "node:assert/strict";
import { loadSources, sourceNames } from "../../../src/migrate/sources.ts";

const top = new URL("../../../", import.meta.url);

Deno.test("each source is registered by its name", async () => {
  const needs = { placeOf: () => undefined, readToml: () => [] };
  assert.deepEqual((await loadSources(needs)).map(({ tool }) => tool), sourceNames);
});

Deno.test("every file in src/migrate/sources is registered", async () => {
  const folder = new URL("src/migrate/sources/", top);
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name.replace(".ts", ""));
  assert.deepEqual(names.sort(), [...sourceNames].sort());
});

Deno.test("the reference has a row for every source", async () => {
  const reference = await Deno.readTextFile(new URL(".github/guide/reference.md", top));
  const [, table = ""] = /^\| `--from` .*\n\|.*\n((?:\|.*\n)+)/m.exec(reference) ?? [];
  const rows = table.matchAll(/^\| `(\w+)`/gm).map(([, name]) => name).toArray();
  assert.deepEqual(rows.sort(), [...sourceNames].sort());
});
