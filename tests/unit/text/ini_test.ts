import assert from "node:assert/strict";
import fc from "fast-check";
import { FobError } from "../../../src/errors.ts";
import { IniDocument } from "../../../src/text/ini.ts";
import { type Line, readLines, readParts, readPartsOf } from "../../../src/text/ini_line.ts";

const sectionNames = ["a", "b", "A", "a.b", "", " a", "__settings__"];
const keys = ["k", "token", "K", "auth_storage", "two words"];

const lineText = fc.oneof(
  fc.constantFrom(...sectionNames).map((name) => `[${name}]`),
  fc.tuple(
    fc.constantFrom(...keys),
    fc.constantFrom("=", " = ", ":", "\t:  ", "= ", "=\t"),
    fc.constantFrom("", "v", "v=w", "a ; b", "x # y", "x#y", "; z", "\u00a0é", "\0", "l\rl", "'q'"),
    fc.constantFrom("", " ", "\t", " ; note", "  # k=v", " ;"),
  ).map((parts) => parts.join("")),
  fc.constantFrom(...keys).map((key) => `  ${key} ; bare`),
  fc.constantFrom("k", "[open", "=v", " : w", "", "  ", "; c", " # [a]", "[a] ; c", "\uFEFF[a]"),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const lineEnding = fc.constantFrom("\n", "\r\n", "\r", "\n\n", "\r\r\n");
const nastyText = fc.tuple(
  fc.constantFrom("", "\uFEFF"),
  fc.array(fc.tuple(lineText, lineEnding).map((parts) => parts.join("")), { maxLength: 14 }),
  fc.oneof(fc.constant(""), lineText),
).map(([mark, lines, last]) => mark + lines.join("") + last);

const section = fc.constantFrom(...sectionNames, "new");
const key = fc.constantFrom(...keys, "new key");
const value = fc.oneof(
  fc.constantFrom("", "v", "https://host.example/?a=b#c", "C:\\dir\\", "x;y", "[a]", '"q"'),
  fc.string({ unit: "binary", maxLength: 8 }).filter((text) =>
    text === text.trim() && !/[\r\n\0]|^[;#]| [;#]/.test(text)
  ),
);

/** All entries of the document except one key. */
function readings(document: IniDocument, except?: readonly [string, string]): string[] {
  return ["", ...document.sections()].flatMap((name) =>
    [...document.entries(name)]
      .filter(([key]) => except?.[0] !== name || except[1] !== key)
      .map((entry) => JSON.stringify([name, ...entry]))
  ).sort();
}

function linesOf(text: string): string[] {
  return text.split("\n");
}

/** Whether `after` is `before` with one occurrence of `from` replaced by `to`. */
function isReplaced(before: string, after: string, from: string, to: string): boolean {
  for (let at = before.indexOf(from); at >= 0 && at <= before.length; at++) {
    if (!before.startsWith(from, at)) continue;
    if (after === before.slice(0, at) + to + before.slice(at + from.length)) return true;
  }
  return false;
}

Deno.test("unreadLines returns the numbers of lines outside of the grammar", () => {
  const text = "\uFEFFkey = value\r\n= nothing\n; comment\n[open\n\n[closed]\nkey\n";
  assert.deepEqual(IniDocument.parse(text).unreadLines(), [2, 4]);
  assert.deepEqual(IniDocument.parse("").unreadLines(), []);
});

Deno.test("printing a parsed document returns any text unchanged", () => {
  fc.assert(fc.property(fc.oneof(nastyText, fc.string({ unit: "binary" })), (text) => {
    assert.equal(IniDocument.parse(text).toString(), text);
  }));
});

Deno.test("readParts and readPartsOf return the lines of each section", () => {
  fc.assert(
    fc.property(fc.oneof(nastyText, fc.string({ unit: "binary" })), (text) => {
      const byPart = new Map([...readParts(text)].map(([section, parts]): [string, Line[]] => [
        section,
        parts.flatMap(readLines),
      ]));
      for (const [section, lines] of Map.groupBy(readLines(text), (line) => line.section)) {
        if (section !== "") assert.deepEqual(readPartsOf(text, section).flatMap(readLines), lines);
        assert.deepEqual(byPart.get(section), lines);
        byPart.delete(section);
      }
      assert.deepEqual([...byPart.values()].flat(), []);
      assert.deepEqual(readPartsOf(text, "missing"), []);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("a set value is read back, also after printing, and other values stay the same", () => {
  fc.assert(fc.property(nastyText, section, key, value, (text, section, key, value) => {
    const document = IniDocument.parse(text);
    const before = readings(document, [section, key]);
    const names = document.sections();
    document.set(section, key, value);
    for (const it of [document, IniDocument.parse(document.toString())]) {
      assert.equal(it.get(section, key), value);
      assert.deepEqual(readings(it, [section, key]), before);
      const added = section === "" || names.includes(section) ? [] : [section];
      assert.deepEqual(it.sections(), [...names, ...added]);
    }
  }));
});

Deno.test("setting the same value changes no byte", () => {
  fc.assert(fc.property(nastyText, section, key, value, (text, section, key, value) => {
    const document = IniDocument.parse(text);
    document.set(section, key, value);
    const once = document.toString();
    document.set(section, key, value);
    assert.equal(document.toString(), once);
  }));
});

Deno.test("an edit changes only the value in its line", () => {
  fc.assert(fc.property(nastyText, section, key, value, (text, section, key, value) => {
    const document = IniDocument.parse(text);
    const old = document.get(section, key);
    fc.pre(old !== undefined);
    document.set(section, key, value);
    const [before, after] = [linesOf(text), linesOf(document.toString())];
    assert.equal(after.length, before.length);
    const changed = before.flatMap((line, index) => line === after[index] ? [] : [index]);
    assert.equal(changed.length, old === value ? 0 : 1);
    const edited = document.toString();
    const isBare = old === "" && isReplaced(text, edited, "", ` = ${value}`);
    assert.ok(isBare || isReplaced(text, edited, old, value), JSON.stringify(edited));
  }));
});

Deno.test("a new key adds lines without changing or moving others", () => {
  fc.assert(fc.property(nastyText, section, key, value, (text, section, key, value) => {
    const document = IniDocument.parse(text);
    fc.pre(document.get(section, key) === undefined);
    document.set(section, key, value);
    const end = /\r?\n/.exec(text)?.[0] ?? "\n";
    const added = ["", end].flatMap((glue) => [
      `${glue}${key} = ${value}${end}`,
      ...["", end].map((gap) => `${glue}${gap}[${section}]${end}${key} = ${value}${end}`),
    ]);
    const edited = document.toString();
    assert.ok(added.some((lines) => isReplaced(text, edited, "", lines)), JSON.stringify(edited));
  }));
});

Deno.test("an unset key is gone, and other values stay the same", () => {
  fc.assert(fc.property(nastyText, section, key, (text, section, key) => {
    const document = IniDocument.parse(text);
    const before = readings(document, [section, key]);
    const was = document.get(section, key);
    assert.equal(document.unset(section, key), was !== undefined);
    assert.equal(document.get(section, key), undefined);
    assert.deepEqual(readings(document), before);
    if (was === undefined) assert.equal(document.toString(), text);
  }));
});

Deno.test("a removed section is gone with its keys, and other sections stay the same", () => {
  fc.assert(fc.property(nastyText, section, (text, section) => {
    const document = IniDocument.parse(text);
    const others = readings(document).filter((entry) => JSON.parse(entry)[0] !== section);
    assert.equal(document.removeSection(section), IniDocument.parse(text).has(section));
    assert.equal(document.has(section), false);
    assert.deepEqual(readings(document), others);
  }));
});

Deno.test("reading follows the grammar of Databricks' Go tools", () => {
  const document = IniDocument.parse(
    "\uFEFFtop = 1\r\n[DEFAULT]\r\n host : https://h.example/a#b;c  ; main\r\n[a]\nx=1\nX=2\n" +
      "bare # note\n\tk\t=\t= : v\t\nx = 3 # later\n;x=4\n#x=5\n[open\n=novalue\n[b]\n[a]\nx:6\\\n[]\n[c ] ; z",
  );
  assert.deepEqual(document.sections(), ["DEFAULT", "a", "b", "c "]);
  assert.equal(document.get("", "top"), "1");
  assert.equal(document.get("DEFAULT", "host"), "https://h.example/a#b;c");
  assert.deepEqual(
    [...document.entries("a")],
    [["x", "6\\"], ["X", "2"], ["bare", ""], ["k", "= : v"]],
  );
  assert.equal(document.entries("b").size, 0);
  assert.equal(document.get("default", "host"), undefined);
  assert.deepEqual([document.has("b"), document.has("c"), document.has("")], [true, false, true]);
});

const edits: [name: string, before: string, edit: (it: IniDocument) => void, after: string][] = [
  [
    "an edit keeps the comment, the spaces and the line ending",
    "[a]\r\n\tk   =\tv  ; why\r\nx=1\n",
    (it) => it.set("a", "k", "new"),
    "[a]\r\n\tk   =\tnew  ; why\r\nx=1\n",
  ],
  [
    "an edit changes the duplicate that is read",
    "[a]\nk=1\nk=2\n[b]\n[a]\nk=3\n",
    (it) => it.set("a", "k", "4"),
    "[a]\nk=1\nk=2\n[b]\n[a]\nk=4\n",
  ],
  [
    "a key without a delimiter gets one before its comment",
    "[a]\n  k ; why\n",
    (it) => it.set("a", "k", "v"),
    "[a]\n  k = v ; why\n",
  ],
  [
    "a new key is added before the blank lines and comments at the end of the section",
    "[a]\nx=1\n\n[b]\n[a]\ny=2\n\n; about c\n[c]\n",
    (it) => it.set("a", "z", "3"),
    "[a]\nx=1\n\n[b]\n[a]\ny=2\nz = 3\n\n; about c\n[c]\n",
  ],
  [
    "a key above all headers is added above them, after the byte order mark",
    "\uFEFF; mine\r\n[a]\r\n",
    (it) => it.set("", "k", "v"),
    "\uFEFFk = v\r\n; mine\r\n[a]\r\n",
  ],
  [
    "a new key after a last line without an ending starts on its own line",
    "[a]\r\nx=1",
    (it) => it.set("a", "y", "2"),
    "[a]\r\nx=1\r\ny = 2\r\n",
  ],
  [
    "a new section is added at the end, after a blank line",
    "[a]\r\nx=1",
    (it) => it.set("b", "y", "2"),
    "[a]\r\nx=1\r\n\r\n[b]\r\ny = 2\r\n",
  ],
  ["an empty document gets its first section", "", (it) => it.set("b", "y", ""), "[b]\ny = \n"],
  [
    "unset removes all duplicates and no comment",
    "[a]\nk=1\n; c\nk\n[b]\nk=2\n[a]\nk=3",
    (it) => it.unset("a", "k"),
    "[a]\n; c\n[b]\nk=2\n[a]\n",
  ],
  [
    "removing a section removes its comments and keeps the comments above the next header",
    "; top\n\n[a]\n; in a\nk=1\n\n; about b\n[b]\nk=2\n\n[a]\n; between\n[a]\nk=3\n; end\n",
    (it) => it.removeSection("a"),
    "; top\n\n\n; about b\n[b]\nk=2\n\n",
  ],
  [
    "removing a section removes the comments directly above its headers, up to a blank line",
    "[a]\nk=1\n; far\n\n; about b\n# more\n[b]\nk=2\n\n; about c\n[c]\n; about b\n[b]\n",
    (it) => it.removeSection("b"),
    "[a]\nk=1\n; far\n\n\n; about c\n[c]\n",
  ],
];

for (const [name, before, edit, after] of edits) {
  Deno.test(name, () => {
    const document = IniDocument.parse(before);
    edit(document);
    assert.equal(document.toString(), after);
  });
}

Deno.test("a value that could not be read back is rejected, changes nothing, and is not in the message", () => {
  const refused: [section: string, key: string, value: string][] = [
    ...["s3cr\ret", "s3cr\net", "s3cr\0et", " s3cret", "s3cret\t", "s3cret ;x", "s3cret #x"]
      .map((value): [string, string, string] => ["a", "k", value]),
    ["a", "k", ";s3cret"],
    ["a", "k", "#s3cret"],
    ["a]", "k", "s3cret"],
    ["a\nb", "k", "s3cret"],
    ["a\rb", "k", "s3cret"],
    ...["", " k", "k ", "k=", "k:", "[k", "k;", "k#", "k\n", "k\r1"]
      .map((key): [string, string, string] => ["a", key, "s3cret"]),
  ];
  for (const [section, key, value] of refused) {
    const document = IniDocument.parse("[a]\nk = v\n");
    assert.throws(() => document.set(section, key, value), (error) => {
      assert.ok(error instanceof FobError);
      assert.equal(error.code, "config_invalid");
      assert.doesNotMatch(error.message, /s3cr/);
      return true;
    }, JSON.stringify([section, key, value]));
    assert.equal(document.toString(), "[a]\nk = v\n");
  }
});

Deno.test("occurrences returns the offsets of every entry with a key in a section", () => {
  const text = "\uFEFFk = 0\r\n[a]\nk = 1 ; note\nx = k\n[b]\nk = 2\n[a]\n k:3";
  const found = IniDocument.parse(text).occurrences("a", "k");
  assert.deepEqual(found.map(({ value }) => value), ["1", "3"]);
  assert.deepEqual(found.map(({ start, end }) => text.slice(start, end)), [
    "k = 1 ; note\n",
    " k:3",
  ]);
  const [first] = IniDocument.parse(text).occurrences("", "k");
  assert.equal(text.slice(first?.start, first?.end), "k = 0\r\n");
});
