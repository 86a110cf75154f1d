import assert from "node:assert/strict";
import fc from "fast-check";
import { cut, isCutOf, prepareRestore, scrub, type Stretch } from "../../../src/migrate/scrub.ts";
import { MemoryForeignFile } from "../../fakes/machine/memory_foreign_file.ts";

/** A text of few letters, so that its parts are easily mistaken for each other, and stretches of it. */
const stretched = fc.array(fc.stringMatching(/^[ab\n]{1,4}$/), { minLength: 2, maxLength: 12 }).map(
  (pieces) => {
    let end = 0;
    const all = pieces.map((piece) => ({ start: end, end: end += piece.length }));
    return { text: pieces.join(""), stretches: all.filter((_, i) => i % 2 === 0) };
  },
);

/** Some of `stretches`. */
function chosen(stretches: readonly Stretch[], bits: number): Stretch[] {
  return stretches.filter((_, i) => (bits >> i) % 2 === 1).reverse();
}

Deno.test("whatever was cut out of a text, it is known as cut from it", () => {
  fc.assert(fc.property(stretched, fc.nat(127), ({ text, stretches }, bits) => {
    assert.ok(isCutOf(cut(text, chosen(stretches, bits)), text, stretches));
  }));
});

Deno.test("a text that somebody else has changed is not taken for one that was cut", () => {
  const text = "a\nSECRET\nb\n";
  const stretches = [{ start: 2, end: 9 }];
  assert.ok(isCutOf("a\nb\n", text, stretches));
  for (const other of ["", "a\n", "a\nb", "a\nb\nc\n", "a\nOTHER\nb\n", "A\nb\n", "SECRET\nb\n"]) {
    assert.ok(!isCutOf(other, text, stretches), JSON.stringify(other));
  }
});

Deno.test("cutting, in as many goes as one likes, and giving back is the identity for any text", async () => {
  await fc.assert(
    fc.asyncProperty(stretched, fc.nat(127), async ({ text, stretches }, bits) => {
      const file = new MemoryForeignFile(text);
      const find = (given: string): Stretch[] => given === text ? stretches : [];
      const [first, ...more] = chosen(stretches, bits);
      fc.pre(first !== undefined);
      await scrub(file, text, [first], find);
      assert.equal(file.text, cut(text, [first]));
      assert.equal(file.backup, text);
      // What is left has moved up; these come after what was cut, or before it.
      const moved = more.map(({ start, end }) => {
        const by = start > first.start ? first.end - first.start : 0;
        return { start: start - by, end: end - by };
      });
      await scrub(file, file.text, moved, find);
      await (await prepareRestore(file, find))?.();
      assert.deepEqual([file.text, file.backup], [text, ""]);
    }),
  );
});

Deno.test("a file that changes while it is read is left alone", async () => {
  const file = new MemoryForeignFile("new");
  await assert.rejects(scrub(file, "old", [{ start: 0, end: 1 }], () => []), { code: "declined" });
  assert.deepEqual([file.text, file.backup], ["new", ""]);
});

Deno.test("a file that was changed since its backup is neither cut nor given back", async () => {
  const file = new MemoryForeignFile("a=1\nb=2\n");
  const find = (): Stretch[] => [{ start: 0, end: 4 }];
  await scrub(file, file.text, find(), find);
  file.text = "b=2\na=9\n";
  await assert.rejects(scrub(file, file.text, [{ start: 4, end: 8 }], find), { code: "declined" });
  await assert.rejects(prepareRestore(file, find), {
    code: "declined",
    message: /has been changed/,
  });
  assert.deepEqual([file.text, file.backup], ["b=2\na=9\n", "a=1\nb=2\n"]);
});

Deno.test("without a backup there is nothing to give back", async () => {
  assert.equal(await prepareRestore(new MemoryForeignFile("a"), () => []), undefined);
});
