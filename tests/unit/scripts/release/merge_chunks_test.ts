import assert from "node:assert/strict";
import { mergeChunks } from "../../../../scripts/release/merge_chunks.ts";

/** Output of `deno bundle`: two chunks that main.js and a lazy chunk share, with similar names. */
const chunks = {
  "main.js":
    `import{a as n}from"./chunk-AAA.js";import{a as t}from"./chunk-2BB.js";async function r(e){let{run:o}=await import("./lazy-CCC.js");return console.log([t,n.name,...e,o()].join(" ")),n.runs}Deno.exit(await r(Deno.args));\n`,
  "chunk-AAA.js": `var e={name:"shared",runs:0};export{e as a};\n`,
  "chunk-2BB.js": `import{a as e}from"./chunk-AAA.js";var o="by "+e.name;export{o as a};\n`,
  "lazy-CCC.js":
    `import"./chunk-2BB.js";import{a as e}from"./chunk-AAA.js";import{word as t}from"./deep-DDD.js";function r(){return e.runs=7,t}export{r as run};\n`,
  "deep-DDD.js": `export{a as word}from"./chunk-2BB.js";\n`,
};

/** Calls `use` with a folder that has `files` in it. */
async function withFolder(
  files: Readonly<Record<string, string>>,
  use: (folder: URL) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "fob-merge-" });
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${path}/${name}`, text);
    }
    await use(new URL(`file://${path}/`));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

async function namesIn(folder: URL): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

/** The output and the exit code of the program. */
async function run(folder: URL, ...args: string[]): Promise<[said: string, code: number]> {
  const main = new URL("main.js", folder).pathname;
  const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-config", "--no-lock", main, ...args],
  }).output();
  const text = new TextDecoder();
  return [text.decode(stdout) + text.decode(stderr), code];
}

Deno.test("static imports of main.js are merged into one file, and lazy chunks keep their files", async () => {
  await withFolder(chunks, async (folder) => {
    await mergeChunks(folder);
    const names = ["core.js", "deep-DDD.js", "lazy-CCC.js", "main.js"];
    assert.deepEqual(await namesIn(folder), names);
    for (const name of names) {
      const text = await Deno.readTextFile(new URL(name, folder));
      assert.doesNotMatch(text, /chunk-/, name);
    }
  });
});

Deno.test("the merged program has the same output, and lazy chunks share its modules", async () => {
  await withFolder(chunks, async (folder) => {
    const before = await run(folder, "x");
    // The lazy chunk changes an object that main.js reads: both have the same object.
    assert.deepEqual(before, ["by shared shared x by shared\n", 7]);
    await mergeChunks(folder);
    assert.deepEqual(await run(folder, "x"), before);
  });
});

Deno.test("a lazy chunk that imports no merged chunk is unchanged", async () => {
  const apart = `import{b}from"./chunk-EEE.js";export{b as c};\n`;
  const files = { ...chunks, "apart-FFF.js": apart, "chunk-EEE.js": `var b=1;export{b};\n` };
  await withFolder(files, async (folder) => {
    await mergeChunks(folder);
    assert.equal(await Deno.readTextFile(new URL("apart-FFF.js", folder)), apart);
    assert.ok((await namesIn(folder)).includes("chunk-EEE.js"));
  });
});

Deno.test("a missing chunk is an error with its name, and nothing is written", async () => {
  const { "chunk-2BB.js": _, ...files } = chunks;
  await withFolder(files, async (folder) => {
    const names = await namesIn(folder);
    await assert.rejects(mergeChunks(folder), /dist\/chunk-2BB\.js is imported but does not exist/);
    assert.deepEqual(await namesIn(folder), names);
  });
});

Deno.test("a main.js without the call of main at its end is refused, and nothing is written", async () => {
  const main = chunks["main.js"].replace("Deno.exit(await r(Deno.args))", "await r(Deno.args)");
  await withFolder({ ...chunks, "main.js": main }, async (folder) => {
    await assert.rejects(mergeChunks(folder), /dist\/main\.js does not end with Deno\.exit/);
    assert.deepEqual(await namesIn(folder), Object.keys(chunks).sort());
    assert.equal(await Deno.readTextFile(new URL("main.js", folder)), main);
  });
});
