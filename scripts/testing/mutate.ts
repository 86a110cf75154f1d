// deno-lint-ignore-file no-console
/**
 * Breaks one line of the core at a time in a copy of the tree, and shows that the test which is there for it
 * notices: it passes before, and one of its assertions fails then. Arguments choose mutations by words of
 * their names.
 */
import { type Mutation, mutations } from "./mutations.ts";
import { type Outcome, outcomeOf } from "./test.ts";

const top = new URL("../..", import.meta.url);
/** What the tests of the core need of the tree. */
const parts = ["deno.json", "deno.lock", "main.ts", "ffi", "scripts", "src", "tests", ".github"];
/** Milliseconds after which a test is taken to hang. */
const patience = 300_000;
const silent = { stdin: "null", stdout: "null", stderr: "null" } as const;

/** `text` with the mutation made; throws where what it replaces is not there exactly once. */
export function mutate(text: string, { name, file, from, to }: Mutation): string {
  const pieces = text.split(from);
  if (pieces.length === 2) return pieces.join(to);
  throw new Error(`"${name}": "${file}" has ${pieces.length - 1} times what is to be replaced`);
}

async function copyTree(): Promise<string> {
  const copy = await Deno.makeTempDir({ prefix: "fob-mutations-" });
  const args = ["-r", ...parts.map((part) => new URL(part, top).pathname), copy];
  const { success } = await new Deno.Command("cp", { args }).output();
  if (!success) throw new Error("Cannot copy the tree");
  return copy;
}

/** How the test of a mutation goes in the tree at `cwd`, by the bundle made anew where it runs that. */
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

/** Whether the test passes as things are, and an assertion of it fails with the mutation. */
async function isNoticed(mutation: Mutation, copy: string): Promise<boolean> {
  const path = `${copy}/${mutation.file}`;
  const text = await Deno.readTextFile(path);
  const before = await runTest(mutation, copy);
  await Deno.writeTextFile(path, mutate(text, mutation));
  const after = await runTest(mutation, copy);
  await Deno.writeTextFile(path, text);
  const isGood = before === "passed" && after === "failed";
  const what = isGood ? "noticed" : `NOT NOTICED (the test ${before}, with the mutation ${after})`;
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
