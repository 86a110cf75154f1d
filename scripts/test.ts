// deno-lint-ignore-file no-console
import { bundle } from "./bundle.ts";
import { prepareRigs, rigs } from "./rigs.ts";

/** How the tests went. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** The names of the tests that were not run. */
  readonly skipped: readonly string[];
}

/**
 * Counts the tests and steps of a JUnit report as `deno test` writes it: text in it is escaped, and a
 * test that `--filter` left out, which is not counted, has no time.
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

/** The first promise of every store (tests/contract/secret_store.ts). */
const firstPromise = ": what was set is got, by another process too";

/** The stores that were held to the contract, and what they ran on. */
export function storesHeld(junit: string): string[] {
  const cases = junit.split("<testcase ").slice(1);
  return cases.filter((text) => / time="[^"]*"/.test(text) && !text.includes("<skipped"))
    .map((text) => unescape(/name="([^"]*)"/.exec(text)?.[1] ?? ""))
    .filter((name) => name.endsWith(firstPromise))
    .map((name) => name.slice(0, -firstPromise.length));
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(lt|gt|quot|apos);/g, (_, name) => entities[name] ?? "")
    .replaceAll("&amp;", "&");
}

/** What keeps the run from being a success beside failed tests. */
export function findProblems(
  tally: Tally,
  missing: readonly string[],
  required: boolean,
): string[] {
  const problems = tally.passed + tally.failed === 0 ? ["No test was run"] : [];
  if (!required) return problems;
  return [
    ...problems,
    ...missing.map((name) => `FOB_RIGS=required, and the rig "${name}" is missing`),
    ...tally.skipped.map((name) => `FOB_RIGS=required, and a test was skipped: ${name}`),
  ];
}

/** The last line of a run. */
export function countsLine({ passed, failed, skipped }: Tally): string {
  const counts = `${passed} passed, ${failed} failed`;
  return skipped.length === 0 ? counts : `${counts}, ${skipped.length} skipped`;
}

/** Runs the tests one after another: most start processes of their own. */
async function runTests(args: readonly string[]): Promise<Tally> {
  const report = await Deno.makeTempFile({ prefix: "fob-tests-", suffix: ".xml" });
  try {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-prompt", "--frozen", "--sanitize-ops", "--sanitize-resources"]
        .concat(`--junit-path=${report}`, args, await hasFile(args) ? [] : ["tests/"]),
    }).spawn().status;
    const junit = await Deno.readTextFile(report);
    const stores = storesHeld(junit);
    if (stores.length > 0) console.log(`Stores held to the contract: ${stores.join(", ")}`);
    const tally = countTests(junit);
    // A file that does not compile, or throws outside of a test, is not in the report.
    return success || tally.failed > 0 ? tally : { ...tally, failed: 1 };
  } finally {
    await Deno.remove(report);
  }
}

async function hasFile(args: readonly string[]): Promise<boolean> {
  const found = await Promise.all(args.map((path) => Deno.stat(path).catch(() => undefined)));
  return found.some((it) => it !== undefined);
}

/** Prepares `table`, bundles, runs the tests and counts them. */
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
