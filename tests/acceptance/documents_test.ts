/** Runs the shell commands of the documents as a reader would. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { exceptionFor, exceptions } from "./documents/exceptions.ts";
import { Reader } from "./documents/reader.ts";
import { shellBlocks, tableCommands } from "./documents/shell_blocks.ts";

const top = new URL("../../", import.meta.url);
const guides = [...Deno.readDirSync(new URL(".github/guide", top))]
  .map(({ name }) => `.github/guide/${name}`).sort();
const documents = ["README.md", ".github/GUIDE.md", ...guides];
const blocks = documents.flatMap((name) => {
  const text = Deno.readTextFileSync(new URL(name, top));
  return [...shellBlocks(name, text), ...tableCommands(name, text)];
});
const commands = blocks.flatMap((block) => block.commands.map(({ text }) => text));

Deno.test({
  name: "the shell commands of the documents exit with 0",
  ignore: Deno.build.os !== "linux",
  fn: async (t) => {
    ok(blocks.length > 40);
    await using reader = await Reader.start();
    for (const block of blocks) {
      await t.step(`${block.document}:${block.line}`, async () => {
        const { code, stdout, stderr } = await reader.run(block);
        equal(code, 0, `${stdout}${stderr}`);
      });
    }
  },
});

Deno.test({
  name: "a failing command of a document is reported with its line",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using reader = await Reader.start();
    const [block] = shellBlocks("test.md", "```sh\nfob version\nfob auth token nowhere\n```\n");
    ok(block !== undefined);
    const { code, stderr } = await reader.run(block);
    equal(code, 1);
    ok(stderr.endsWith("line 3: exit 2\n"), stderr);
  },
});

Deno.test("each exception names a command of the documents", () => {
  const used = commands.map(exceptionFor);
  deepEqual(exceptions.filter((exception) => !used.includes(exception)), []);
});
