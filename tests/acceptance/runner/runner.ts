import { fits, type Verb } from "../verbs/verb.ts";
import { verbs } from "../verbs/verbs.ts";
import type { StartMachine } from "./machine.ts";
import type { Run } from "./program.ts";
import { Script } from "./script.ts";
import { type Archive, type ArchivedFile, parseTxtar } from "./txtar.ts";
import { splitWords } from "./words.ts";

/** The failure of the first failing line of a script. */
export class ScriptFailure extends Error {
  override readonly name = "ScriptFailure";
  /** Whether the last run of fob failed without any output, which fob itself never does. */
  readonly isMute: boolean;

  constructor(message: string, last: Run | undefined) {
    super(`${message}\n${describe(last)}`);
    this.isMute = last !== undefined && last.code !== 0 && last.stdout + last.stderr === "";
  }
}

/**
 * Runs the script at `path` on a new machine. With `isLoud`, stderr is only checked for secrets.
 *
 * @throws {ScriptFailure} for the first failing line.
 */
export async function runScript(
  path: string,
  startMachine: StartMachine,
  { isLoud = false } = {},
): Promise<void> {
  const archive = parseTxtar(await Deno.readTextFile(path));
  const made = await Deno.realPath(await Deno.makeTempDir({ prefix: "fob-acceptance-" }));
  const work = made.replaceAll("\\", "/");
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(work, { recursive: true }));
  const script = new Script(
    work,
    stack.use(await startMachine(work)),
    isLoud,
  );
  for (const text of secretsOf(archive)) script.secrets.add({ text, isHidden: false });
  stack.defer(async () => {
    for (const cleanup of script.cleanups.reverse()) await cleanup();
  });
  await layOut(script, archive.files);
  await runLines(script, archive, path);
}

/** The title of the script: its first comment line that is not a list of needs or secrets. */
export function titleOf(archive: Archive): string {
  const comments = archive.comment.matchAll(/^#[ \t]*(\S.*)$/gm);
  const title = comments.map(([, text = ""]) => text).find((text) =>
    !/^(needs|secrets):/.test(text)
  );
  return title ?? "no title";
}

/** The rigs in the line `# needs: a, b`. */
export function needsOf(archive: Archive): string[] {
  return listIn(archive, "needs");
}

/** The secrets in the line `# secrets: a, b`: secrets of the user that no fake server issues. */
function secretsOf(archive: Archive): string[] {
  return listIn(archive, "secrets");
}

function listIn({ comment }: Archive, what: string): string[] {
  const lines = comment.matchAll(new RegExp(`^#[ \\t]*${what}:(.*)$`, "gm"));
  return lines.flatMap(([, names = ""]) => names.split(/[\s,]+/)).filter(Boolean).toArray();
}

async function layOut(script: Script, files: readonly ArchivedFile[]): Promise<void> {
  for (const { name, text } of files) {
    const path = script.path(name);
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
  }
}

async function runLines(script: Script, archive: Archive, path: string): Promise<void> {
  const file = path.slice(path.lastIndexOf("/") + 1);
  for (const [index, line] of archive.comment.split("\n").entries()) {
    try {
      await runLine(script, line);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ScriptFailure(`${file}:${index + 1}: ${line}\n${why}`, script.last);
    }
  }
}

async function runLine(script: Script, line: string): Promise<void> {
  const [, system, text = ""] = /^\[(unix|windows)\] (.*)$/.exec(line) ?? [, undefined, line];
  if (system !== undefined && system !== script.machine.system) return;
  const words = splitWords(text, (name) => script.lookUp(name));
  const negated = words[0] === "!";
  const [name, ...args] = negated ? words.slice(1) : words;
  if (name === undefined) {
    if (negated) throw new Error('Missing verb after "!"');
    return;
  }
  if (script.isLoud && (name === "stderr" || args.includes("stderr"))) return;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) throw new Error(`Unknown verb "${name}"`);
  await apply(verb, script, args, negated);
}

async function apply(
  verb: Verb,
  script: Script,
  args: readonly string[],
  negated: boolean,
): Promise<void> {
  if (!fits(verb, args)) throw new Error(`Usage: ${verb.usage}`);
  const finding = await verb.run(script, args);
  if (finding === undefined) {
    if (negated) throw new Error('"!" needs a verb that checks something');
  } else if (finding.holds !== !negated) throw new Error(finding.detail);
}

function describe(run: Run | undefined): string {
  if (run === undefined) return "fob has not been run yet";
  const { argv, code, stdout, stderr } = run;
  return `last run: ${argv.join(" ")}\nexit code: ${code}\nstdout:\n${stdout}\nstderr:\n${stderr}`;
}
