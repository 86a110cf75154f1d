import assert from "node:assert/strict";
import fc from "fast-check";
import { reportError } from "../../../src/cli/ui/report.ts";
import { FobError } from "../../../src/errors.ts";
import { corrupted } from "./corrupted.ts";
import type { Reader } from "./reader.ts";
import { readers } from "./readers.ts";
import { runs } from "./runs.ts";

const folder = new URL("../../fixtures/corpus/", import.meta.url);

async function examplesOf({ corpus }: Reader): Promise<Uint8Array<ArrayBuffer>[]> {
  const place = new URL(`${corpus}/`, folder);
  const names = await Array.fromAsync(Deno.readDir(place), ({ name }) => name);
  return await Promise.all(names.sort().map((name) => Deno.readFile(new URL(name, place))));
}

/** The message of `error` at a terminal. */
function told(error: FobError): string {
  const lines: string[] = [];
  const terminal = { say: (text: string) => void lines.push(text), color: false, width: 80 };
  reportError(error, "text", terminal as unknown as Parameters<typeof reportError>[2]);
  return lines.join("\n");
}

/** Reads bytes. An error must be a FobError, with a printable message without secrets of the input. */
async function readOrRefuse({ read }: Reader, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await read(bytes);
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    const text = told(error);
    assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    assert.ok(text.length > 0 && text.length < 4_000, `${text.length} characters`);
    assert.ok(!text.includes("cAnArY"), text);
  }
}

for (const reader of readers) {
  Deno.test(`${reader.name}: each example is read, or refused with a FobError`, async () => {
    const examples = await examplesOf(reader);
    assert.ok(examples.length > 0);
    for (const bytes of examples) await readOrRefuse(reader, bytes);
  });

  Deno.test(`${reader.name}: corrupted bytes throw only a FobError`, async () => {
    const bytes = corrupted(await examplesOf(reader));
    await fc.assert(
      fc.asyncProperty(bytes, (it) => readOrRefuse(reader, it)),
      runs(150),
    );
  });
}

Deno.test("every example of the corpus has a reader", async () => {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  assert.deepEqual(names.sort(), [...new Set(readers.map(({ corpus }) => corpus))].sort());
});
