import assert from "node:assert/strict";
import fc from "fast-check";
import {
  countsLine,
  countTests,
  findProblems,
  outcomeOf,
  storesHeld,
} from "../../../../scripts/testing/test.ts";

type Outcome = "passed" | "failed" | "skipped" | "filtered";

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll("'", "&apos;");
}

/** A report in the format of `deno test --junit-path`. */
function junit(cases: [name: string, outcome: Outcome][]): string {
  const bodies: Record<Outcome, string> = {
    passed: "",
    failed: '<failure message="Uncaught Error: &lt;skipped/&gt;">&lt;testcase </failure>',
    skipped: "<skipped/>",
    filtered: "<skipped/>",
  };
  const lines = cases.map(([name, outcome]) => {
    const time = outcome === "filtered" ? "" : ' time="0.001"';
    return `<testcase name="${escape(name)}" classname="./tests/a_test.ts"${time} line="1" col="6">
            ${bodies[outcome]}
        </testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="${cases.length}" failures="0" errors="0" time="0.071">
    <testsuite name="./tests/a_test.ts" tests="${cases.length}" disabled="2" errors="0" failures="0">
        ${lines.join("\n        ")}
    </testsuite>
</testsuites>`;
}

Deno.test("every test of a report is counted once, except tests that are filtered out", () => {
  const outcome = fc.constantFrom<Outcome>("passed", "failed", "skipped", "filtered");
  const name = fc.oneof(
    fc.string({ unit: "grapheme-ascii" }),
    fc.constantFrom('<testcase name="x">', "<failure", "<skipped/>", "&amp;lt;", ' time="1"'),
  );
  fc.assert(fc.property(fc.array(fc.tuple(name, outcome)), (cases) => {
    const named = (outcome: Outcome): string[] =>
      cases.filter((it) => it[1] === outcome).map((it) => it[0]);
    assert.deepEqual(countTests(junit(cases)), {
      passed: named("passed").length,
      failed: named("failed").length,
      skipped: named("skipped"),
    });
  }));
});

Deno.test("an empty report has no tests", () => {
  assert.deepEqual(countTests(""), { passed: 0, failed: 0, skipped: [] });
});

Deno.test("the last line counts skipped tests only if there are any", () => {
  assert.equal(countsLine({ passed: 3, failed: 0, skipped: [] }), "3 passed, 0 failed");
  assert.equal(
    countsLine({ passed: 3, failed: 1, skipped: ["a"] }),
    "3 passed, 1 failed, 1 skipped",
  );
});

Deno.test("a run without a test is a problem", () => {
  const none = { passed: 0, failed: 0, skipped: ["a"] };
  assert.deepEqual(findProblems(none, [], false), ["No tests were run"]);
  assert.deepEqual(findProblems({ ...none, failed: 1 }, [], false), []);
});

Deno.test("skipped tests and missing rigs are problems only with FOB_RIGS=required", () => {
  const tally = { passed: 1, failed: 0, skipped: ["a test"] };
  assert.deepEqual(findProblems(tally, ["browser"], false), []);
  assert.deepEqual(findProblems(tally, ["browser"], true), [
    'Rig "browser" is missing, but FOB_RIGS=required is set',
    'Test "a test" was skipped, but FOB_RIGS=required is set',
  ]);
  assert.deepEqual(findProblems({ ...tally, skipped: [] }, [], true), []);
});

Deno.test("stores with contract tests are listed, without skipped ones", () => {
  const promise = "what was set is got, by another process too";
  const report = junit([
    [`memory: ${promise}`, "passed"],
    [`keychain (a double): ${promise}`, "failed"],
    [`credential manager (Wine): ${promise}`, "skipped"],
    [`secret service (gnome-keyring): ${promise}`, "filtered"],
    ["memory: another promise", "passed"],
  ]);
  assert.deepEqual(storesHeld(report), ["memory", "keychain (a double)"]);
});

Deno.test("a failed assertion, another error and a test that was not run are distinguished", () => {
  const failed = '<failure message="Uncaught AssertionError: 1 !== 2">';
  const report = [
    `name="a &amp; b" time="0.1">${failed}`,
    'name="odd" time="0.1"><failure message="Uncaught TypeError: x">',
    'name="skipped" time="0.1"><skipped/>',
    'name="steps" time="0.1"><failure message="1 test step failed">',
    `name="steps &gt; first" time="0.1">${failed}`,
    'name="good" time="0.1">',
    `name="good too" time="0.1">${failed}`,
  ].map((text) => `<testcase ${text}`).join("\n");
  const outcomes = ["a & b", "odd", "skipped", "steps", "good", "nowhere"]
    .map((name) => outcomeOf(report, name));
  assert.deepEqual(outcomes, ["failed", "broken", "not run", "failed", "passed", "not run"]);
});
