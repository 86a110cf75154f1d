// deno-lint-ignore-file no-console
import { bundle } from "../release/bundle.ts";
import { prepareRigs, rigs } from "./rigs.ts";

/** The result of a test run. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** The names of skipped tests. */
  readonly skipped: readonly string[];
}

/**
 * Counts the tests and steps of a JUnit report of `deno test`. Text is escaped in it. A test that
 * `--filter` left out has no time and is not counted.
 */
export function countTests(junit: string): Tally {
  const cases = junit.split("<testcase ").slice(1).filter((text) => / time="[^"]*"/.test(text));
  const skipped = cases.filter((text) => text.includes("<skipped"));
  const failed = cases.filter((text) => /<(failure|error)\b/.test(text)).length;
  return {
    passed: cases.length - failed - skipped.length,
    failed,
    skipped: skipped.map((text) => unescape(/name="([^"]*)"/.exec(text)?.[1] ?? "")),
  };
}

/** The name of the first contract test of every store (tests/contract/secret_store.ts). */
const firstPromise = ": what was set is got, by another process too";

/** The stores that the contract tests ran on. */
export function storesHeld(junit: string): string[] {
  const cases = junit.split("<testcase ").slice(1);
  return cases.filter((text) => / time="[^"]*"/.test(text) && !text.includes("<skipped"))
    .map((text) => unescape(/name="([^"]*)"/.exec(text)?.[1] ?? ""))
    .filter((name) => name.endsWith(firstPromise))
    .map((name) => name.slice(0, -firstPromise.length));
}

/** The result of a test. */
export type Outcome =
  | "passed"
  /** An assertion failed, in the test or in one of its steps. */
  | "failed"
  /** Another error was thrown. */
  | "broken"
  /** The test was skipped or filtered out, or its file could not be loaded. */
  | "not run";

/** The result of the test `name` and its steps. */
export function outcomeOf(junit: string, name: string): Outcome {
  const own = junit.split("<testcase ").slice(1).filter((text) => {
    const found = unescape(/name="([^"]*)"/.exec(text)?.[1] ?? "");
    return found === name || found.startsWith(`${name} > `);
  });
  if (own.length === 0 || own.some((text) => text.includes("<skipped"))) return "not run";
  if (own.some((text) => /<failure message="(Uncaught )?AssertionError/.test(text))) {
    return "failed";
  }
  return own.some((text) => /<(failure|error)\b/.test(text)) ? "broken" : "passed";
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(lt|gt|quot|apos);/g, (_, name) => entities[name] ?? "")
    .replaceAll("&amp;", "&");
}

/** Problems that fail the run besides failed tests. */
export function findProblems(
  tally: Tally,
  missing: readonly string[],
  required: boolean,
): string[] {
  const problems = tally.passed + tally.failed === 0 ? ["No tests were run"] : [];
  if (!required) return problems;
  return [
    ...problems,
    ...missing.map((name) => `Rig "${name}" is missing, but FOB_RIGS=required is set`),
    ...tally.skipped.map((name) => `Test "${name}" was skipped, but FOB_RIGS=required is set`),
  ];
}

/** The last line of a run. */
export function countsLine({ passed, failed, skipped }: Tally): string {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped.length === 0 ? counts : `${counts}, ${skipped.length} skipped`;
}

/** A run of `deno test`. */
interface TestRun {
  readonly success: boolean;
  /** Its stdout, if it was piped. */
  readonly output: Uint8Array<ArrayBuffer>;
  /** Its JUnit report. */
  readonly junit: string;
}

/** Runs the groups of tests at the same time. */
async function runTests(args: readonly string[]): Promise<Tally> {
  const [first = [], ...others] = await groups(args);
  const later = others.map((group) => runGroup(group, "piped"));
  const runs = [await runGroup(first, "inherit"), ...await Promise.all(later)];
  for (const { output } of runs) {
    await new Blob([output]).stream().pipeTo(Deno.stdout.writable, { preventClose: true });
  }
  const junit = runs.map((run) => run.junit).join("");
  const stores = storesHeld(junit);
  if (stores.length > 0) console.log(`Stores tested by the contract: ${stores.join(", ")}`);
  const tally = countTests(junit);
  // A file that does not compile, or throws outside of a test, is missing from the report.
  return runs.every((run) => run.success) || tally.failed > 0 ? tally : { ...tally, failed: 1 };
}

/** Splits the tests into two groups of similar duration: the acceptance tests, and the rest. */
async function groups(args: readonly string[]): Promise<string[][]> {
  if (await hasFile(args)) return [[...args]];
  const entries = await Array.fromAsync(Deno.readDir("tests"));
  const folders = entries.filter((it) => it.isDirectory).map(({ name }) => `tests/${name}/`);
  const rest = folders.filter((folder) => folder !== "tests/acceptance/");
  return [["tests/acceptance/"], rest].map((group) => [...args, ...group]);
}

async function runGroup(args: readonly string[], stdout: "inherit" | "piped"): Promise<TestRun> {
  const report = await Deno.makeTempFile({ prefix: "fob-tests-", suffix: ".xml" });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-prompt", "--frozen", "--sanitize-ops", "--sanitize-resources"]
        .concat(`--junit-path=${report}`, args),
      stdout,
    }).spawn();
    const output = stdout === "piped" ? await child.stdout.bytes() : new Uint8Array();
    const { success } = await child.status;
    return { success, output, junit: await Deno.readTextFile(report) };
  } finally {
    await Deno.remove(report);
  }
}

async function hasFile(args: readonly string[]): Promise<boolean> {
  const found = await Promise.all(args.map((path) => Deno.stat(path).catch(() => undefined)));
  return found.some((it) => it !== undefined);
}

/** Prepares the rigs of `table`, bundles, runs the tests and prints the counts. */
export async function runAll(args: readonly string[], table = rigs): Promise<boolean> {
  const missing = await prepareRigs(table);
  const tally = await bundle().then(() => runTests(args)).catch((error): Tally => {
    console.error(error);
    return { passed: 0, failed: 1, skipped: [] };
  });
  const required = Deno.env.get("FOB_RIGS") === "required";
  const problems = findProblems(tally, missing.map((rig) => rig.name), required);
  for (const problem of problems) console.log(problem);
  console.log(countsLine(tally));
  return tally.failed === 0 && problems.length === 0;
}

if (import.meta.main && !await runAll(Deno.args)) Deno.exit(1);
