// deno-lint-ignore-file no-console
/**
 * Checks the words of the project: comments and texts of the source, and the documents. `deno task prose`
 * prints what to change, a line each. A line that must keep such a word says so: `prose-allow: WORD`.
 */

/** A word or phrase that is not used, and what to write instead. */
interface Rule {
  readonly pattern: RegExp;
  readonly instead: string;
}

const rules: readonly Rule[] = [
  { pattern: /\b(nobody|no one)('s)?\b/i, instead: "name who: no process, no user, no profile" },
  { pattern: /\b(some|any)body('s)?\b/i, instead: "name who: a process, a user" },
  { pattern: /\bwhoever\b/i, instead: "name who: a process, a user" },
  { pattern: /\bwhom\b/i, instead: "name who" },
  { pattern: /\bwhose\b/i, instead: "that has, of, with" },
  { pattern: /\bshall\b/i, instead: "must, or the present tense" },
  { pattern: /\btold\b/i, instead: "reported, printed, given" },
  { pattern: /\btells? of\b/i, instead: "reports, mentions" },
  { pattern: /\b(has|have|had) to be\b/i, instead: "must be" },
  { pattern: /\b(stands|stood) (in|there|beside|behind|for)\b/i, instead: "is in" },
  { pattern: /\b(say|says|said) it\b/i, instead: "name what is printed or set" },
  { pattern: /\bthe ones? (that|who)\b/i, instead: "name it" },
  { pattern: /\b(is|are|was|were) there\b/i, instead: "exists" },
  { pattern: /\bnone of\b/i, instead: "no NOUN" },
  { pattern: /\bthose of\b/i, instead: "repeat the noun" },
  { pattern: /\bwhat an? \w+/i, instead: "name it" },
];

/** A place where the check found something. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

/** Words that a sentence of a document may have. */
const sentenceLimit = 32;

/** What is wrong with the words in a source text. */
export function checkSource(text: string): Finding[] {
  return textsIn(text).flatMap(({ line, words }) => findWordsIn(words, line, text));
}

/** What is wrong with the words and sentences of a Markdown document. */
export function checkDocument(text: string): Finding[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, blank).replaceAll(/`[^`\n]*`/g, "CODE");
  const found = findWords(prose, text);
  return [...found, ...longSentences(prose)];
}

function findWordsIn(words: string, firstLine: number, text: string): Finding[] {
  return rules.flatMap(({ pattern, instead }) => {
    const match = pattern.exec(words);
    if (match === null) return [];
    const line = firstLine + (words.slice(0, match.index).match(/\n/g)?.length ?? 0);
    const near = text.split("\n").slice(Math.max(0, line - 2), line).join("\n");
    if (near.toLowerCase().includes(`prose-allow: ${match[0].toLowerCase()}`)) return [];
    return [{ line, message: `"${match[0]}": ${instead}` }];
  });
}

/** What is wrong with the words in each line of a text. */
function findWords(words: string, text: string): Finding[] {
  return words.split("\n").flatMap((line, i) => findWordsIn(line, i + 1, text));
}

/** The same number of lines, without words. */
function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, "");
}

function longSentences(prose: string): Finding[] {
  const found: Finding[] = [];
  let line = 1;
  for (const block of prose.split(/(\n(?=\s*\n|\s*[-*|#]|\s*\d+\.))/)) {
    if (!block.trimStart().startsWith("|")) {
      for (const sentence of block.split(/(?<=[.!?:;])\s+/)) {
        const count = sentence.split(/\s+/).filter((word) => /\w/.test(word)).length;
        if (count <= sentenceLimit) continue;
        const start = sentence.trim().slice(0, 40).replaceAll("\n", " ");
        found.push({ line, message: `${count} words in a sentence: "${start}..."` });
      }
    }
    line += block.match(/\n/g)?.length ?? 0;
  }
  return found;
}

/** A comment or a string literal, and the line on which it starts. */
interface Text {
  readonly line: number;
  readonly words: string;
}

/** Comments and string literals; a regular expression is passed over as far as a scanner can tell. */
function textsIn(source: string): Text[] {
  const pattern =
    /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[=(,:!&|?[]\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;
  return [...source.matchAll(pattern)].filter(([text]) => !/^\/[^/*]/.test(text)).map((match) => ({
    line: 1 + (source.slice(0, match.index).match(/\n/g)?.length ?? 0),
    words: match[0],
  }));
}

const top = new URL("../../", import.meta.url);

/** The files that are checked: source, tests, scripts and documents, but no fixture. */
async function files(): Promise<string[]> {
  const { stdout } = await new Deno.Command("git", { args: ["ls-files"], cwd: top }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((path) =>
    /\.(ts|md|txtar|sh|ps1|yml)$/.test(path) && !path.startsWith("tests/fixtures/") &&
    path !== "scripts/docs/prose.ts" && path !== "tests/unit/scripts/docs/prose_test.ts"
  );
}

/** The findings in every file, each as `path:line: message`. */
async function checkAll(): Promise<string[]> {
  const found = await Promise.all((await files()).map(async (path) => {
    const text = await Deno.readTextFile(new URL(path, top)).catch(() => "");
    const findings = path.endsWith(".ts")
      ? checkSource(text)
      : path.endsWith(".md")
      ? checkDocument(text)
      : findWords(text, text);
    return findings.map(({ line, message }) => `${path}:${line}: ${message}`);
  }));
  return found.flat();
}

if (import.meta.main) {
  const prefixes = Deno.args;
  const found = (await checkAll()).filter((it) =>
    prefixes.length === 0 || prefixes.some((prefix) => it.startsWith(prefix))
  );
  for (const line of found) console.log(line);
  if (found.length > 0) Deno.exit(1);
}
