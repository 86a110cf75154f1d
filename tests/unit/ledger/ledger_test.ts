import assert from "node:assert/strict";
import fc from "fast-check";
import { digestIfExists, type FoundFile, Ledger } from "../../../src/ledger/ledger.ts";
import { MemoryTextFile } from "../../fakes/machine/memory_text_file.ts";
import { MemoryNotes } from "../../fakes/machine/tool_machine.ts";

/** A file and its ledger. */
class Machine {
  readonly notes = new MemoryNotes();
  readonly file: MemoryTextFile;
  /** Called before each change of the file or its backup. */
  before: (step: string) => void = () => {};

  constructor(text: string | undefined) {
    this.file = new MemoryTextFile(text, "file", (step) => this.before(step));
  }

  async ledger(): Promise<Ledger> {
    return await Ledger.open("migrate", "tool", this.notes);
  }

  async change(after: string | undefined): Promise<void> {
    const before = await this.file.readIfExists();
    await (await this.ledger()).change(this.file, { before, after }, "kept");
  }

  async look(): Promise<FoundFile> {
    const found = await (await this.ledger()).look(this.file);
    assert.ok(found);
    return found;
  }
}

const texts = fc.array(fc.option(fc.stringMatching(/^[ab\n]{0,4}$/), { nil: undefined }), {
  minLength: 2,
  maxLength: 8,
});

Deno.test("after any number of changes, the text before the first one is kept", async () => {
  await fc.assert(fc.asyncProperty(texts, async ([first, ...more]) => {
    const machine = new Machine(first);
    for (const text of more) await machine.change(text);
    const { text, whole } = await machine.look();
    assert.deepEqual([text, whole], [more.at(-1), { text: first }]);
    assert.equal(machine.file.backup, first ?? "");
  }));
});

Deno.test("a change that was noted but not made does not count as a change by another program", async () => {
  for (const changes of [[], ["b"], ["b", "c"]]) {
    const machine = new Machine("a");
    for (const text of changes) await machine.change(text);
    machine.before = (step) => {
      if (step === "replace") throw new Error("stopped");
    };
    await assert.rejects(machine.change("last"), { message: "stopped" });
    assert.deepEqual((await machine.look()).whole, { text: "a" });
    machine.before = () => {};
    await machine.change("last");
    assert.deepEqual((await machine.look()).whole, { text: "a" });
  }
});

Deno.test("a change by another program is detected, also after a later change by fob", async () => {
  const machine = new Machine("a");
  await machine.change("b");
  machine.file.text = "theirs";
  assert.equal((await machine.look()).whole, undefined);
  await machine.change("c");
  assert.equal((await machine.look()).whole, undefined);
  machine.file.text = "a";
  assert.deepEqual((await machine.look()).whole, { text: "a" });
});

Deno.test("with a changed backup, only an unchanged file is whole", async () => {
  const machine = new Machine("a");
  await machine.change("b");
  machine.file.backup = "theirs";
  assert.equal((await machine.look()).whole, undefined);
});

Deno.test("a ledger contains no text of a file, and an older one without backup names is read", async () => {
  const machine = new Machine("hunter2");
  await machine.change("correct horse");
  const [text = ""] = machine.notes.texts.values();
  assert.doesNotMatch(text, /hunter2|horse/);
  const first = {
    version: 1,
    files: [{
      path: "file",
      before: await digestIfExists("hunter2"),
      after: await digestIfExists("correct horse"),
      isWhole: true,
    }],
    steps: [],
  };
  machine.notes.texts.set("migrate:tool", JSON.stringify(first));
  machine.file.beside(".fob-connect-backup").text = "hunter2";
  assert.deepEqual((await machine.look()).whole, { text: "hunter2" });
});

Deno.test("an invalid ledger is an error, not an empty ledger", async () => {
  for (
    const text of ["", "{", "null", "1", '{"version":1}', '{"version":2,"files":[],"steps":[]}']
  ) {
    const machine = new Machine("a");
    machine.notes.texts.set("migrate:tool", text);
    await assert.rejects(machine.ledger(), { code: "config_invalid" }, text);
  }
});
