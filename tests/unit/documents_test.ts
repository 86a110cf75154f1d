/** Checks the commands and options in the documents against the program. */
import { deepEqual, equal, ok } from "node:assert/strict";
import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { commandTree, leavesOf } from "../../scripts/docs/command_tree.ts";
import { splitLine } from "../../src/cli/completions/shell_words.ts";
import lintRules from "../../scripts/lint.ts";
import { topicHelp } from "../../src/cli/help.ts";
import { variableGroups } from "../../src/variables.ts";

const top = new URL("../../", import.meta.url);
const guides = [...Deno.readDirSync(new URL(".github/guide", top))]
  .map(({ name }) => `.github/guide/${name}`).sort();
const documents = ["README.md", ".github/GUIDE.md", ".github/SECURITY.md", ...guides];
const lists = ["CHANGELOG.md", ".github/BENCH.md"];
const ofTheTree = [".github/ARCHITECTURE.md", ".github/CONTRIBUTING.md"];
const program = commandTree();

/** Names in the documents that look like variables of fob, but belong to other programs or to examples. */
const namedOnly = [
  "NPM_TOKEN",
  "AUTH_FILE",
  "OPENAI_BASE_URL",
  "OPENAI_API_KEY",
  "FOB_SERVE_URL",
  "FOB_SERVE_KEY",
  "OTEL_DENO",
];

/** Matches a placeholder for any word. */
const placeholder = /^[<"$'({…]|^[A-Z]+$|…$/;

/** The mistake in the arguments of a fob command; `undefined` if there is none. */
function mistakeIn(words: readonly string[]): string | undefined {
  if (words[0] === "help") return undefined;
  let command = program;
  let given = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") break;
    if (/^-./.test(word)) {
      const [name = "", joined] = word.split("=", 2);
      const option = optionOf(command, name);
      if (option === undefined) return `"${nameOf(command)}" has no option ${name}`;
      const value = joined ?? (option.required ? words[++at] : undefined);
      if (option.required && value === undefined) return `${name} requires a value`;
      const isOther = !option.argChoices?.includes(value ?? "") && !placeholder.test(value ?? "");
      if (option.argChoices !== undefined && isOther) return `${name} cannot be "${value}"`;
    } else if (command.commands.length > 0) {
      const child = command.commands.find((it) => it.name() === word);
      if (child === undefined) {
        return placeholder.test(word) ? undefined : `"${nameOf(command)}" has no command "${word}"`;
      }
      command = child;
    } else {
      given++;
      const most = command.registeredArguments;
      if (given > most.length && !most.at(-1)?.variadic) {
        return `"${word}" is one argument too many`;
      }
    }
  }
  return undefined;
}

function optionOf(command: CommandUnknownOpts, name: string): Option | undefined {
  return command.createHelp().visibleOptions(command).concat(command.options).find((option) =>
    option.long === name || option.short === name
  );
}

function nameOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

/** The arguments of each fob command in a shell script. */
function commandsIn(text: string): string[][] {
  return text.replaceAll("\\|", "|").split("\n").flatMap((line) => {
    const starts = line.replace(/(^|\s)#.*$/, "").split(/(?:^|(?<=[\s("'!`]))fob (?=[\w-])/).slice(
      1,
    );
    return starts.map((rest) => {
      const own = /^(?:"[^"]*"|'[^']*'|[^"'|;<>)`])*/.exec(rest)?.[0] ?? "";
      return splitLine(own.trim()).words.filter((word) => word !== "");
    });
  });
}

for (const name of [...documents, "CHANGELOG.md"]) {
  const text = await Deno.readTextFile(new URL(name, top));
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? "");
  const prose = text.replaceAll(/^```.*?^```$/gms, "");
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, code = ""]) =>
    code.replaceAll("\n", " ")
  );

  Deno.test(`${name}: each command in it exists, with its options`, () => {
    const commands = [...blocks, ...inline].flatMap(commandsIn);
    ok(commands.length > 0 || name.endsWith("comparison.md"));
    const mistakes = commands.map((words) => [words.join(" "), mistakeIn(words)])
      .filter(([, mistake]) => mistake !== undefined);
    deepEqual(mistakes, []);
  });

  Deno.test(`${name}: each option in it exists in some command`, () => {
    const known = new Set(
      leavesOf(program).flatMap(({ command }) => command.options.flatMap(({ long }) => long ?? [])),
    );
    const named = inline.map((code) => /^(--[a-z][a-z-]*)(?=[ =]|$)/.exec(code)?.[1] ?? "");
    deepEqual(named.filter((option) => option !== "" && !known.has(option)), []);
  });
}

for (const name of [...documents, ...lists, ...ofTheTree]) {
  const text = (await Deno.readTextFile(new URL(name, top))).replaceAll(/^```.*?^```$/gms, "");

  Deno.test(`${name}: each linked file and heading exists`, async () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?(?:\s"[^"]*")?\)/g)];
    for (const [link, path = "", heading] of links) {
      const target = new URL(path === "" ? name : path, new URL(name, top));
      const linked = await Deno.readTextFile(path === "" ? new URL(name, top) : target)
        .catch(() => "");
      ok(linked !== "", link);
      const headings = [...linked.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
        title.toLowerCase().replaceAll(/[^\w -]/g, "").replaceAll(" ", "-")
      );
      ok(heading === undefined || headings.includes(heading), link);
    }
  });
}

Deno.test("each file, folder and task in ARCHITECTURE and CONTRIBUTING exists", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", top)));
  for (const name of ofTheTree) {
    const text = await Deno.readTextFile(new URL(name, top));
    const named = [...text.matchAll(/`((?:src|scripts|tests|ffi)\/[\w./-]+)`/g)];
    ok(named.length > 0);
    for (const [, path = ""] of named) {
      ok(await Deno.stat(new URL(path, top)).then(() => true, () => false), `${name}: ${path}`);
    }
    const unknown = [...text.matchAll(/deno task ([\w-]+)/g)].map(([, task = ""]) => task)
      .filter((task) => !(task in tasks));
    deepEqual(unknown, []);
  }
});

Deno.test("the reference lists the same exit codes as fob help exit-codes", async () => {
  const reference = await Deno.readTextFile(new URL(".github/guide/reference.md", top));
  const section = /^## Exit codes$(.*?)(?=^## |$(?![^]))/ms.exec(reference)?.[1] ?? "";
  const listed = [...section.matchAll(/^\| (\d[\d, ]*?) +\|/gm)].map(([, codes]) => codes);
  const help = topicHelp("exit-codes", { outputColumns: undefined, outputColor: false }) ?? "";
  deepEqual(listed, [...help.matchAll(/^ +(\d[\d, ]*?) {2,}/gm)].map(([, codes]) => codes));
});

Deno.test("each environment variable that a document names is one that fob reads, sets or passes on", async () => {
  const read = Object.values(variableGroups).flat().map(({ name }): string => name);
  const known = new Set([...read, ...namedOnly]);
  for (const name of documents) {
    const text = await Deno.readTextFile(new URL(name, top));
    const named = [...text.matchAll(/(?<![\w.])\$?\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/g)];
    deepEqual(
      named.flatMap(([, variable = ""]) => known.has(variable) ? [] : [variable]),
      [],
      name,
    );
  }
});

Deno.test("CONTRIBUTING lists each task and each lint rule", async () => {
  const contributing = await Deno.readTextFile(new URL(".github/CONTRIBUTING.md", top));
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", top)));
  const names = [
    ...Object.keys(tasks).map((task) => `| \`deno task ${task}\``),
    ...Object.keys(lintRules.rules).map((rule) => `\`fob/${rule}\``),
  ];
  deepEqual(names.filter((name) => !contributing.includes(name)), []);
});

const security = await Deno.readTextFile(new URL(".github/SECURITY.md", top));
const threats = /^## Threats$(.*?)^## /ms.exec(security)?.[1] ?? "";
/** Link titles have the line breaks of the document. */
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

Deno.test("SECURITY.md: each threat names tests that exist", async () => {
  const sections = threats.split(/^### /m).slice(1);
  ok(sections.length > 10);
  for (const section of sections) {
    const tests = [...section.matchAll(/\]\(\.\.\/(tests\/[^)\s]+)\s"([^"]+)"\)/g)];
    equal(tests.length, section.match(/\]\(\.\.\/tests\//g)?.length, section);
    ok(tests.length > 0, section);
    for (const [, file = "", test = ""] of tests) {
      ok(await namesTest(file, inOneLine(test)), `${file}: ${test}`);
    }
  }
  equal(await namesTest("tests/unit/documents_test.ts", "no test with this name"), false);
});

/** Whether `name` is part of a test name in the file, or of a script's title. */
async function namesTest(file: string, name: string): Promise<boolean> {
  const text = await Deno.readTextFile(new URL(file, top)).catch(() => "");
  const names = file.endsWith(".txtar")
    ? text.match(/^# .*$/gm)
    : text.match(/(Deno\.test\(\s*|name:\s*)(?:\{\s*name:\s*)?(["`]).*?\2(?=,)/gs);
  return names?.some((it) => it.includes(name)) ?? false;
}

Deno.test("SECURITY.md: the report address is a placeholder in one place", () => {
  equal(security.split("`ADDRESS`").length, 2);
});

Deno.test("a mistake in a document is detected", () => {
  const mistakes = (text: string): (string | undefined)[] => commandsIn(text).map(mistakeIn);
  deepEqual(mistakes("fob auth tokn"), ['"fob auth" has no command "tokn"']);
  deepEqual(mistakes('x="$(fob auth token --nothing)"'), [
    '"fob auth token" has no option --nothing',
  ]);
  deepEqual(mistakes("fob completions tcsh bash"), ['"bash" is one argument too many']);
  deepEqual(mistakes("fob auth token -o yaml | jq"), ['-o cannot be "yaml"']);
  deepEqual(mistakes("fob auth login --host URL  # and fob nothing"), [undefined]);
});
