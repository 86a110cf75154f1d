import { fits, type Verb } from "../verbs/verb.ts";
import { verbs } from "../verbs/verbs.ts";
import type { StartMachine } from "./machine.ts";
import type { Run } from "./program.ts";
import { Script } from "./script.ts";
import { type Archive, type ArchivedFile, parseTxtar } from "./txtar.ts";
import { splitWords } from "./words.ts";

/** What the first failing line of a script found. */
export class ScriptFailure extends Error {
  override readonly name = "ScriptFailure";
  /** Whether the last fob failed without a word, which no fob does by itself. */
  readonly isMute: boolean;

  constructor(message: string, last: Run | undefined) {
    super(`${message}\n${describe(last)}`);
    this.isMute = last !== undefined && last.code !== 0 && last.stdout + last.stderr === "";
  }
}

/**
 * Runs the script at `path` on a machine of its own; throws {@link ScriptFailure}. Where fob is to be loud,
 * nothing is expected of stderr but that it holds no secret.
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

/** What the script is about: its first comment line that says something else than what it needs. */
export function titleOf(archive: Archive): string {
  const comments = archive.comment.matchAll(/^#[ \t]*(\S.*)$/gm);
  const title = comments.map(([, text = ""]) => text).find((text) =>
    !/^(needs|secrets):/.test(text)
  );
  return title ?? "has no title";
}

/** The rigs that a line `# needs: a, b` asks for. */
export function needsOf(archive: Archive): string[] {
  return listIn(archive, "needs");
}

/** The secrets that a line `# secrets: a, b` names, which a person brings along: no server issues them. */
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
    if (negated) throw new Error('Nothing follows "!"');
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
    if (negated) throw new Error('"!" means nothing here: the verb checks nothing');
  } else if (finding.holds !== !negated) throw new Error(finding.detail);
}

function describe(run: Run | undefined): string {
  if (run === undefined) return "No fob has ended yet";
  const { argv, code, stdout, stderr } = run;
  return `the last fob: ${
    argv.join(" ")
  }\nexit code: ${code}\nstdout:\n${stdout}\nstderr:\n${stderr}`;
}
