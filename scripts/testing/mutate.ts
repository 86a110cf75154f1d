// deno-lint-ignore-file no-console
/**
 * Breaks one line of the core at a time in a copy of the repository, and checks that the named test
 * passes before and fails with an assertion after. Arguments select mutations by words of their names.
 */
import { type Mutation, mutations } from "./mutations.ts";
import { type Outcome, outcomeOf } from "./test.ts";

const top = new URL("../..", import.meta.url);
/** Files and folders that the tests need. */
const parts = ["deno.json", "deno.lock", "main.ts", "ffi", "scripts", "src", "tests", ".github"];
/** Time limit for a test in milliseconds. */
const patience = 300_000;
const silent = { stdin: "null", stdout: "null", stderr: "null" } as const;

/** Applies the mutation to `text`.
 *
 * @throws {Error} unless `from` occurs exactly once. */
export function mutate(text: string, { name, file, from, to }: Mutation): string {
  const pieces = text.split(from);
  if (pieces.length === 2) return pieces.join(to);
  throw new Error(`"${name}": found ${pieces.length - 1} times in "${file}", expected once`);
}

async function copyTree(): Promise<string> {
  const copy = await Deno.makeTempDir({ prefix: "fob-mutations-" });
  const args = ["-r", ...parts.map((part) => new URL(part, top).pathname), copy];
  const { success } = await new Deno.Command("cp", { args }).output();
  if (!success) throw new Error("Could not copy the repository");
  return copy;
}

/** Runs the test of a mutation in the copy at `cwd`, after bundling if the test needs the bundle. */
async function runTest(
  { test, noticedBy, bundled }: Mutation,
  cwd: string,
): Promise<Outcome | "hung"> {
  if (bundled && !await makeBundle(cwd)) return "broken";
  const report = `${cwd}/report.xml`;
  await Deno.writeTextFile(report, "");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-prompt", "--no-check", "-q", "--filter", noticedBy]
      .concat(`--junit-path=${report}`, test),
    cwd,
    ...silent,
  }).spawn();
  const { promise: late, resolve } = Promise.withResolvers<"hung">();
  const timer = setTimeout(() => resolve("hung"), patience);
  const verdict = await Promise.race([child.status, late]);
  clearTimeout(timer);
  if (verdict === "hung") child.kill("SIGKILL");
  await child.status;
  return verdict === "hung" ? "hung" : outcomeOf(await Deno.readTextFile(report), noticedBy);
}

async function makeBundle(cwd: string): Promise<boolean> {
  const args = ["run", "-A", "scripts/release/bundle.ts"];
  return (await new Deno.Command(Deno.execPath(), { args, cwd, ...silent }).output()).success;
}

/** Whether the test passes without the mutation, and fails with an assertion with it. */
async function isNoticed(mutation: Mutation, copy: string): Promise<boolean> {
  const path = `${copy}/${mutation.file}`;
  const text = await Deno.readTextFile(path);
  const before = await runTest(mutation, copy);
  await Deno.writeTextFile(path, mutate(text, mutation));
  const after = await runTest(mutation, copy);
  await Deno.writeTextFile(path, text);
  const isGood = before === "passed" && after === "failed";
  const what = isGood
    ? "noticed"
    : `NOT NOTICED (test without the mutation: ${before}, with it: ${after})`;
  console.log(`${what}: ${mutation.name}`);
  return isGood;
}

async function main(words: readonly string[]): Promise<boolean> {
  const chosen = mutations.filter(({ name }) =>
    words.length === 0 || words.some((word) => name.includes(word))
  );
  const copy = await copyTree();
  try {
    let noticed = 0;
    for (const mutation of chosen) if (await isNoticed(mutation, copy)) noticed++;
    console.log(`${noticed} of ${chosen.length} mutations noticed`);
    return noticed === chosen.length && noticed > 0;
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

if (import.meta.main && !await main(Deno.args)) Deno.exit(1);
