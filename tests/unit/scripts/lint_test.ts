import assert from "node:assert/strict";
import plugin from "../../../scripts/lint.ts";
import { platformStores } from "../../../scripts/lint/imports.ts";
import { folderLimit, rooms } from "../../../scripts/lint/rooms.ts";

const top = decodeURIComponent(new URL("../../..", import.meta.url).pathname);

/** The rules that a file breaks, sorted, each once. */
function broken(path: string, source: string): string[] {
  const found = Deno.lint.runPlugin(plugin, top + path, source);
  return [...new Set(found.map((it) => it.id.replace("fob/", "")))].sort();
}

function messages(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, top + path, source).map((it) => it.message);
}

const folders = Object.keys(rooms);

Deno.test("ARCHITECTURE.md has the same table of rooms", async () => {
  const text = await Deno.readTextFile(`${top}.github/ARCHITECTURE.md`);
  for (const [room, { values = [], types = [] }] of Object.entries(rooms)) {
    const row = text.split("\n").find((line) => line.startsWith(`| \`${room}\``)) ??
      assert.fail(`no row of ${room}`);
    const expected = [
      ...values.map((name) => name.replace("src/", "")),
      ...types.map((name) => `${name.replace("src/", "")} (types)`),
    ];
    assert.equal(row.split("|")[3]?.trim(), expected.join(", ") || "nothing", room);
  }
});

/** `from` is the path of a file; the specifier is relative to it. */
function specifierOf(from: string, to: string): string {
  return "../".repeat(from.split("/").length - 1).concat(to).replace(/^(?!\.)/, "./");
}

Deno.test("imports between rooms are allowed or refused as in the table, in every form of import", () => {
  for (const from of folders) {
    const file = `${from}/deep/x.ts`;
    for (const to of folders) {
      const specifier = specifierOf(file, `${to}/y.ts`);
      const { values = [], types = [] } = rooms[from] ?? {};
      const mayValue = from === to || to === "src/text" || values.includes(to);
      const mayType = mayValue || types.includes(to);
      const expect = (source: string, isAllowed: boolean): void => {
        assert.deepEqual(
          broken(file, source).filter((rule) => rule === "rooms"),
          isAllowed ? [] : ["rooms"],
          `${file}: ${source}`,
        );
      };
      expect(`import { a } from "${specifier}";`, mayValue);
      expect(`import { a, type B } from "${specifier}";`, mayValue);
      expect(`import "${specifier}";`, mayValue);
      expect(`export const a = () => import("${specifier}");`, mayValue);
      expect(`import type { A } from "${specifier}";`, mayType);
      expect(`import { type A, type B } from "${specifier}";`, mayType);
      expect(`export type A = import("${specifier}").A;`, mayType);
    }
  }
});

Deno.test("main.ts may import every room, and every room the leaves", () => {
  for (const folder of folders.filter((it) => it !== "ffi")) {
    assert.deepEqual(broken("main.ts", `import { a } from "./${folder}/y.ts";`), []);
  }
  for (const file of ["main.ts", ...folders.map((it) => `${it}/x.ts`)]) {
    for (const leaf of ["src/secret.ts", "src/errors.ts", "src/present.ts"]) {
      assert.deepEqual(broken(file, `import { a } from "${specifierOf(file, leaf)}";`), []);
    }
  }
  assert.deepEqual(broken("src/errors.ts", `import type { Secret } from "./secret.ts";`), [
    "rooms",
  ]);
  assert.deepEqual(broken("src/secret.ts", `import * as v from "oauth4webapi";`), ["rooms"]);
});

Deno.test("src/composition may import every room, and only main.ts may import it", () => {
  const file = "src/composition/x.ts";
  for (const folder of [...folders.filter((it) => it !== "ffi"), "src/composition"]) {
    const source = `import { a } from "${specifierOf(file, `${folder}/y.ts`)}";`;
    assert.deepEqual(broken(file, source), [], source);
  }
  assert.deepEqual(broken("main.ts", `import { a } from "./${file}";`), []);
  for (const folder of folders) {
    const path = `${folder}/x.ts`;
    assert.deepEqual(broken(path, `import { a } from "${specifierOf(path, file)}";`), ["rooms"]);
  }
});

Deno.test("a file of src outside of every room is refused", () => {
  for (const path of ["src/util/x.ts", "src/main.ts", "src/auth.ts"]) {
    assert.deepEqual(broken(path, "export const a = 1;"), ["rooms"], path);
  }
  assert.deepEqual(broken("src/errors.ts", "export const a = 1;"), []);
  assert.deepEqual(broken("scripts/x.ts", "export const a = 1;"), []);
});

Deno.test("shipped code imports nothing from tests, scripts or the top of the tree", () => {
  for (const target of ["tests/fakes/x.ts", "scripts/x.ts", "deno.lock", "../elsewhere.ts"]) {
    for (const file of ["main.ts", "src/cli/x.ts", "ffi/x.ts"]) {
      const source = `import type { A } from "${specifierOf(file, target)}";`;
      assert.deepEqual(broken(file, source), ["rooms"], `${file}: ${source}`);
    }
  }
  assert.deepEqual(broken("tests/x_test.ts", `import { a } from "../scripts/x.ts";`), []);
});

Deno.test("the program does not import deno.json", () => {
  const source = (from: string): string => `import settings from "${from}" with { type: "json" };`;
  assert.deepEqual(broken("src/composition/run.ts", source("../../deno.json")), ["rooms"]);
  assert.deepEqual(broken("src/cli/x.ts", source("../../deno.json")), ["rooms"]);
});

Deno.test("a package may be imported only in its room, its types everywhere, and node: nowhere", () => {
  const owners: [specifier: string, folders: string[]][] = [
    ["commander", ["src/cli"]],
    ["@commander-js/extra-typings", ["src/cli"]],
    ["@clack/prompts", ["src/cli"]],
    ["npm:commander@15.1.0/esm.mjs", ["src/cli"]],
    ["npm:oauth4webapi@3.8.8", ["src/oauth"]],
    ["smol-toml", ["src/text"]],
    ["npm:smol-toml@1.9.1", ["src/text"]],
    ["left-pad", []],
    ["jsr:@std/path", []],
    ["https://host.example/x.ts", []],
    ["node:path", []],
  ];
  for (const [specifier, owner] of owners) {
    for (const file of ["main.ts", "src/secret.ts", ...folders.map((it) => `${it}/x.ts`)]) {
      const expected = owner.some((it) => file.startsWith(it)) ? [] : ["rooms"];
      assert.deepEqual(broken(file, `import * as p from "${specifier}";`), expected);
      assert.deepEqual(broken(file, `export const p = () => import("${specifier}");`), expected);
      const isNode = specifier.startsWith("node:");
      assert.deepEqual(
        broken(file, `import type { P } from "${specifier}";`),
        isNode ? ["rooms"] : [],
      );
    }
    assert.deepEqual(broken("tests/x_test.ts", `import * as p from "${specifier}";`), []);
  }
});

Deno.test("import() without a literal is refused in shipped code", () => {
  const source = "export function load(name: string): unknown { return import(name); }";
  assert.deepEqual(broken("src/cli/x.ts", source), ["rooms"]);
  assert.deepEqual(broken("scripts/x.ts", source), []);
});

Deno.test("a platform store may only be loaded with a literal import()", () => {
  assert.equal(platformStores().length, 3);
  for (const store of platformStores()) {
    for (const file of ["main.ts", "src/stores/open_store.ts"]) {
      const specifier = specifierOf(file, store);
      assert.deepEqual(broken(file, `import { a } from "${specifier}";`), [
        "platform-store-import",
      ]);
      assert.deepEqual(broken(file, `import type { A } from "${specifier}";`), []);
      assert.deepEqual(broken(file, `export const a = () => import("${specifier}");`), []);
    }
  }
  assert.deepEqual(broken("main.ts", `import "./ffi/libsecret.ts";`), ["platform-store-import"]);
  assert.deepEqual(broken("src/stores/macos/keychain.ts", `import "../../../ffi/a.ts";`), []);
  assert.deepEqual(broken("ffi/a.ts", `import "./b.ts";`), []);
  assert.deepEqual(broken("tests/x_test.ts", `import "../src/stores/macos/keychain.ts";`), []);
});

Deno.test("a circular import is refused, types and import() included", () => {
  const file = "src/stores/secret_store.ts";
  const importers = ["src/stores/open_store.ts", "src/stores/plaintext_file.ts"];
  for (const importer of importers) {
    const specifier = `./${importer.replace("src/stores/", "")}`;
    for (
      const source of [
        `import { a } from "${specifier}";`,
        `import type { A } from "${specifier}";`,
        `export const a = () => import("${specifier}");`,
        `export type A = import("${specifier}").A;`,
      ]
    ) {
      assert.ok(broken(file, source).includes("no-circle"), source);
      assert.match(
        messages(file, source).join("\n"),
        /Circular import: src\/stores\/secret_store/,
      );
    }
  }
  assert.deepEqual(broken(file, `import { FobError } from "../errors.ts";`), []);
});

Deno.test("a folder over the file limit is refused", () => {
  const folder = Deno.makeTempDirSync({ dir: `${top}tests`, prefix: "folder-" });
  try {
    const path = `${folder.slice(top.length)}/z.ts`;
    for (let i = 1; i < folderLimit; i++) Deno.writeTextFileSync(`${folder}/${i}.ts`, "");
    assert.deepEqual(broken(path, ""), []);
    Deno.writeTextFileSync(`${folder}/${folderLimit}.ts`, "");
    assert.deepEqual(broken(path, ""), ["folder-size"]);
    assert.match(messages(path, "")[0] ?? "", /has \d+ files; the limit is \d+/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

const rules: [rule: string, path: string, source: string, isBroken: boolean][] = [
  ["no-reexport", "tests/x.ts", `export * from "./y.ts";`, true],
  ["no-reexport", "tests/x.ts", `export * as y from "./y.ts";`, true],
  ["no-reexport", "tests/x.ts", `export { y } from "./y.ts";`, true],
  ["no-reexport", "tests/x.ts", `export type { Y } from "./y.ts";`, true],
  ["no-reexport", "tests/x.ts", "const a = 1; export { a }; export const b = 2;", false],
  ["no-default-export", "tests/x.ts", "export default 1;", true],
  ["no-default-export", "src/cli/x.ts", "export default function f() {}", true],
  ["no-default-export", "tests/x.ts", "const a = 1; export { a as default };", true],
  ["no-default-export", "scripts/lint.ts", "export default 1;", false],
  ["no-module-state", "src/cli/x.ts", "let a = 1;", true],
  ["no-module-state", "src/cli/x.ts", "export let a = 1;", true],
  ["no-module-state", "src/cli/x.ts", "var a = 1;", true],
  ["no-module-state", "src/cli/x.ts", "const a = await f();", true],
  ["no-module-state", "src/cli/x.ts", "export const a = [await f()];", true],
  ["no-module-state", "src/cli/x.ts", "await f();", true],
  ["no-module-state", "src/cli/x.ts", "for await (const a of f()) g(a);", true],
  ["no-module-state", "src/cli/x.ts", "using a = f();", true],
  ["no-module-state", "ffi/x.ts", "f();", true],
  ["no-module-state", "ffi/x.ts", "if (a) f();", true],
  [
    "no-module-state",
    "src/cli/x.ts",
    "function f() { let a = 1; return async () => await a; }",
    false,
  ],
  [
    "no-module-state",
    "src/cli/x.ts",
    "const a = 1; class B {} interface C {} type D = 1; enum E {}",
    false,
  ],
  [
    "no-module-state",
    "src/cli/x.ts",
    `import "./y.ts"; export const f = async () => await g();`,
    false,
  ],
  ["no-module-state", "main.ts", "let a = await f(); g(a);", false],
  ["no-module-state", "scripts/x.ts", "let a = await f(); g(a);", false],
  ["no-module-state", "tests/x.ts", "let a = await f(); g(a);", false],
  ["exit-only-in-main", "src/cli/x.ts", "export function f() { Deno.exit(1); }", true],
  ["exit-only-in-main", "src/cli/x.ts", `export function f() { Deno["exit"](1); }`, true],
  ["exit-only-in-main", "src/cli/x.ts", "export function f() { globalThis.Deno.exit(1); }", true],
  ["exit-only-in-main", "src/cli/x.ts", "export function f() { Deno.exitCode = 1; }", true],
  ["exit-only-in-main", "src/cli/x.ts", "const { exit } = Deno;", true],
  ["exit-only-in-main", "src/cli/x.ts", "export function f(a) { a.exit(1); }", false],
  ["exit-only-in-main", "main.ts", "Deno.exit(1);", false],
  ["exit-only-in-main", "scripts/x.ts", "Deno.exitCode = 1;", false],
  ["exit-only-in-main", "tests/x.ts", "Deno.exit(1);", false],
  ["environment-only-in-system", "src/cli/x.ts", `const a = Deno.env.get("A");`, true],
  ["environment-only-in-system", "ffi/x.ts", "const { env } = Deno;", true],
  ["environment-only-in-system", "main.ts", "const a = Deno.env.toObject();", true],
  ["environment-only-in-system", "src/stores/x.ts", `const a = Deno?.env.get("A");`, true],
  ["environment-only-in-system", "src/system/x.ts", `const a = Deno.env.get("A");`, false],
  ["environment-only-in-system", "scripts/x.ts", `const a = Deno.env.get("A");`, false],
  ["environment-only-in-system", "src/cli/x.ts", "const a = b.env;", false],
  ["no-context-spread", "src/cli/x.ts", "const f = (context) => g({ ...context, a: 1 });", true],
  ["no-context-spread", "src/cli/x.ts", "const f = (context) => g({ ...context.io });", true],
  [
    "no-context-spread",
    "src/cli/x.ts",
    "const f = (context) => { const { io, ...a } = context; };",
    true,
  ],
  ["no-context-spread", "src/cli/x.ts", "function f({ io, ...a }: CommandContext) {}", true],
  ["no-context-spread", "src/cli/x.ts", "function f({ io: { a, ...b } }: CommandContext) {}", true],
  ["no-context-spread", "src/cli/x.ts", "function f(world: CommandContext) {}", true],
  ["no-context-spread", "src/composition/x.ts", "const f = (context) => ({ ...context });", true],
  ["no-context-spread", "src/cli/x.ts", "const f = (context) => [...context.a.b()];", false],
  ["no-context-spread", "src/cli/x.ts", "function f({ io: { a } }: CommandContext) {}", false],
  [
    "no-context-spread",
    "src/cli/x.ts",
    "function f(context: CommandContext) { g(...needs(context)); }",
    false,
  ],
  ["no-context-spread", "tests/x.ts", "const f = (context) => ({ ...context });", false],
];

for (const [rule, path, source, isBroken] of rules) {
  Deno.test(`${rule} ${isBroken ? "refuses" : "allows"} in ${path}: ${source}`, () => {
    assert.equal(broken(path, source).includes(rule), isBroken);
  });
}

Deno.test("a lint message names what is allowed", () => {
  assert.deepEqual(messages("src/stores/x.ts", `import { a } from "../oauth/y.ts";`), [
    'src/stores may not import values of "src/oauth/y.ts": it may import src/system, ffi',
  ]);
  assert.deepEqual(messages("src/oauth/x.ts", `import { a } from "../stores/y.ts";`), [
    'src/oauth may not import values of "src/stores/y.ts": it may import nothing',
  ]);
  assert.match(
    messages("src/util/x.ts", "")[0] ?? "",
    /^"src\/util\/x.ts" is in no room: .*system/,
  );
});

Deno.test("lint rules apply to paths with backslashes", () => {
  const path = (top + "src/oauth/x.ts").replaceAll("/", "\\");
  const found = Deno.lint.runPlugin(plugin, path, `import { a } from "../stores/y.ts"; Deno.env;`);
  assert.deepEqual(
    found.map((it) => it.id).sort(),
    ["fob/environment-only-in-system", "fob/no-module-state", "fob/rooms"],
  );
});
