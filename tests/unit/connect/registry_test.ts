import assert from "node:assert/strict";
import { toolNames, tools } from "../../../src/connect/tools.ts";

const top = new URL("../../../", import.meta.url);

Deno.test("each tool has the name that it is registered by", async () => {
  for (const name of toolNames) assert.equal((await tools[name]()).tool, name);
});

Deno.test("every tool in the folder of tools is registered", async () => {
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

Deno.test("the guide says of every tool how it is connected, or started", async () => {
  const guide = await Deno.readTextFile(new URL(".github/GUIDE.md", top));
  const about = guide.split("\n\n").filter((paragraph) =>
    /^`fob (connect|exec -- )/.test(paragraph)
  );
  const named = about.join("\n").matchAll(/`(?:fob connect |fob exec -- )?([a-z]+)`/g)
    .map(([, name]) => name).toArray();
  assert.deepEqual(toolNames.filter((name) => !named.includes(name)), []);
});
