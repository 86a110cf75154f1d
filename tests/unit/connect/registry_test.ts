import assert from "node:assert/strict";
import { toolNames, tools } from "../../../src/connect/tools.ts";

const top = new URL("../../../", import.meta.url);

Deno.test("each tool is registered by its name", async () => {
  for (const name of toolNames) assert.equal((await tools[name]()).tool, name);
});

Deno.test("every tool in src/connect/tools is registered", async () => {
  const folder = new URL("src/connect/tools/", top);
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const values = Object.values(await import(new URL(name, folder).href));
    for (const value of values) {
      if (typeof value === "object" && value !== null && "connect" in value && "tool" in value) {
        found.push(`${value.tool}`);
      }
    }
  }
  assert.deepEqual(found.sort(), [...toolNames].sort());
});

Deno.test("the table of the README has the command that connects or starts each tool", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", top));
  const rows = readme.split("\n").filter((line) =>
    /^\|.*\| `fob (connect|exec [a-z]+ -- )/.test(line)
  );
  const named = rows.join("\n").matchAll(/`(?:fob connect |fob exec [a-z]+ -- )?([a-z]+)\b[^`]*`/g)
    .map(([, name]) => name).toArray();
  assert.deepEqual(toolNames.filter((name) => !named.includes(name)), []);
});
