// deno-lint-ignore-file no-console
/**
 * Breaks one line of the core at a time in a copy of the tree, and shows that the tests notice. Arguments
 * choose mutations by words of their names.
 */
import { type Mutation, mutations } from "./mutations.ts";

const top = new URL("..", import.meta.url);
/** What the tests of the core need of the tree. */
const parts = ["deno.json", "deno.lock", "main.ts", "ffi", "scripts", "src", "tests", ".github"];
/** Milliseconds after which a run of tests is taken to hang, which somebody would notice. */
const patience = 300_000;

type Verdict = "passed" | "failed" | "hung";

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

async function runTests(tests: readonly string[], cwd: string): Promise<Verdict> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-prompt", "--no-check", "--fail-fast", "-q", ...tests],
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const { promise: late, resolve } = Promise.withResolvers<"hung">();
  const timer = setTimeout(() => resolve("hung"), patience);
  const verdict = await Promise.race([child.status, late]);
  clearTimeout(timer);
  if (verdict === "hung") {
    child.kill("SIGKILL");
    await child.status;
    return "hung";
  }
  return verdict.success ? "passed" : "failed";
}

/** Whether the tests pass as they are and notice the mutation. */
async function isNoticed(mutation: Mutation, copy: string): Promise<boolean> {
  const path = `${copy}/${mutation.file}`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, mutate(text, mutation));
  try {
    const verdict = await runTests(mutation.tests, copy);
    console.log(
      `${verdict === "passed" ? "NOT NOTICED" : `noticed (${verdict})`}: ${mutation.name}`,
    );
    return verdict !== "passed";
  } finally {
    await Deno.writeTextFile(path, text);
  }
}

async function main(words: readonly string[]): Promise<boolean> {
  const chosen = mutations.filter(({ name }) =>
    words.length === 0 || words.some((word) => name.includes(word))
  );
  const copy = await copyTree();
  try {
    const tests = [...new Set(chosen.flatMap((mutation) => mutation.tests))];
    if (await runTests(tests, copy) !== "passed") {
      console.log("The tests do not pass as they are, so nothing can be learnt from them");
      return false;
    }
    let noticed = 0;
    for (const mutation of chosen) if (await isNoticed(mutation, copy)) noticed++;
    console.log(`${noticed} of ${chosen.length} mutations noticed`);
    return noticed === chosen.length && noticed > 0;
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

if (import.meta.main && !await main(Deno.args)) Deno.exit(1);
