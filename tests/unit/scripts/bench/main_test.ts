import assert from "node:assert/strict";
import { hideImports } from "../../../../scripts/bench/as_binary.ts";
import type { Measured } from "../../../../scripts/bench/contender.ts";
import { report } from "../../../../scripts/bench/report.ts";
import type { Results } from "../../../../scripts/bench/results.ts";
import {
  readAnswer,
  requireNewTokens,
  type StormAnswer,
} from "../../../../scripts/bench/storm_answers.ts";
import { floorStorm, type Storm } from "../../../../scripts/bench/storms.ts";
import { targetTable } from "../../../../scripts/bench/targets.ts";
import { toolGets } from "../../../../scripts/bench/tool_gets.ts";
import { present } from "../../../../src/present.ts";
import { protocolNames } from "../../../../src/protocols/protocols.ts";

type Kept = "Secret Service" | "file";

function took(median: number, name: string, kept?: Kept): Measured {
  const contender = { name, table: "A stored token", ...present({ kept }) };
  return { contender, median, low: median, high: median, peak: undefined };
}

function storm(median: number, count: number, kind: Storm["kind"], fromLock?: number): Storm {
  const spread = { median, low: median, high: median };
  return {
    ...spread,
    count,
    kind,
    failed: 0,
    refreshes: 1,
    ...present({ fromLock }),
  };
}

const calls = [
  took(10, "empty Deno script"),
  took(10, "secret-tool lookup", "Secret Service"),
  took(26, "fob auth token, Secret Service", "Secret Service"),
  took(30, "fob auth token, file", "file"),
  took(40, "gh auth token, file", "file"),
  took(26, "1", "Secret Service"),
  took(27, "1000", "Secret Service"),
];
const inKeyring = took(52, "gh auth token, Secret Service", "Secret Service");

function results(measured: readonly Measured[]): Results {
  const storms = [
    storm(100, 1, "expired", 60),
    storm(900, 50, floorStorm),
    storm(1200, 50, "expired", 450),
  ];
  return { measured, storms, rounds: 5, machine: "2 cores.", notes: ["`gh` is 2.46.0"] };
}

/** The cells of each line of the targets, without the heads. */
function targetsOf(measured: readonly Measured[]): string[][] {
  return targetTable(results(measured)).split("\n").slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

Deno.test("a target row has the measured value, the target and whether it is met", () => {
  const withStart = "1200 ms (1.33 times the floor of 900 ms)";
  assert.deepEqual(targetsOf([...calls, inKeyring]).map((cells) => cells.slice(1)), [
    ["1.30", "1.25", "**missed**"],
    ["0.50", "0.70", "met"],
    ["0.75", "0.70", "**missed**"],
    ["1.04", "1.10", "met"],
    ["450 ms", "450 ms", "met"],
    [withStart, "450 ms", "**missed**"],
  ]);
});

Deno.test("fob with the Secret Service is not compared with gh that reads a file", () => {
  const [, beside] = targetsOf(calls);
  assert.deepEqual(beside?.slice(1), ["not measured", "0.70", ""]);
  const row = /^\| fob auth token, Secret Service \|.*$/m;
  assert.match(row.exec(report(results(calls)))?.[0] ?? "", /\| 1\.30 \| 2\.60 \| {2}\| 26\.0 \|/);
  assert.match(
    row.exec(report(results([...calls, inKeyring])))?.[0] ?? "",
    /\| 1\.30 \| 2\.60 \| 0\.50 \| 26\.0 \|/,
  );
});

Deno.test("the report begins with the targets and has the remarks of the run", () => {
  const text = report(results(calls));
  assert.ok(text.startsWith("# Speed\n\n|  | measured | at most | target |\n"), text.slice(0, 80));
  assert.match(text, /^- `gh` is 2\.46\.0\.$/m);
});

Deno.test("every tool with a helper protocol is measured", () => {
  const measured = toolGets.map(({ words }) => words[1] ?? "");
  assert.deepEqual(measured.sort(), [...protocolNames].sort());
});

Deno.test("processes of a forced storm may share a token that was issued after all of them started", () => {
  const server = { isActive: (token: string) => token !== "foreign" };
  const require = (answers: readonly StormAnswer[], refreshes = 1): void =>
    requireNewTokens(answers, refreshes, server);
  const shared = { startedAt: 1_000, issuedAt: 1_500, token: "a" };
  require([shared, { ...shared, startedAt: 1_400 }]);
  require([shared, { startedAt: 1_600, issuedAt: 2_000, token: "b" }], 2);
  assert.throws(() => require([{ ...shared, startedAt: 1_600 }]), /from before the process/);
  assert.throws(() => require([{ ...shared, token: "foreign" }]), /the server refuses/);
  assert.throws(() => require([shared, { ...shared, token: "b" }]), /more tokens/);
});

Deno.test("the time of issue is derived from the expiry", () => {
  const stdout = '{"access_token":"a","expiry":"2026-11-22T13:00:00.500000+00:00"}';
  const issuedAt = Date.parse("2026-11-22T12:00:00.500Z");
  assert.deepEqual(readAnswer(5, stdout), { startedAt: 5, token: "a", issuedAt });
});

Deno.test("a bundle copied for timing imports the same files by names that the parser does not find", () => {
  const hidden = hideImports('import{a}from"./core.js";let b=await import("./store-1.js");');
  assert.equal(hidden, 'import{a}from"./core.js";let b=await import(["./store-1.js"][0]);');
});
