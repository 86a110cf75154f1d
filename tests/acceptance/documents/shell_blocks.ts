/** A block of shell commands in a document. */
export interface ShellBlock {
  readonly document: string;
  /** The line of the first command, counted from 1. */
  readonly line: number;
  readonly commands: readonly ShellCommand[];
}

/** A command as the document shows it, without comments; lines that a backslash continues are one. */
export interface ShellCommand {
  readonly line: number;
  readonly text: string;
}

/** Every block of a Markdown text that is marked `sh`. */
export function shellBlocks(document: string, markdown: string): ShellBlock[] {
  return [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => {
    const before = markdown.slice(0, match.index).split("\n").length;
    return { document, line: before + 1, commands: commandsOf(match[1] ?? "", before + 1) };
  });
}

/** Words in capitals that stand for other words: `URL`, `https://WORKSPACE.example.com`. */
const placeholder = /(?<![\w$])(?!GET\b|POST\b|GOAUTH\b)[A-Z]{2,}(?![\w=])/;

/** Every command in a table of a Markdown text that is complete, each as a block of its own. */
export function tableCommands(document: string, markdown: string): ShellBlock[] {
  return markdown.split("\n").flatMap((row, index) => {
    if (!row.startsWith("|")) return [];
    const codes = [...row.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
    const complete = codes.filter((code) =>
      /^fob [a-z]+ [^"]+$/.test(code) && !placeholder.test(code)
    );
    const line = index + 1;
    return complete.map((code) => {
      const text = code.replaceAll("\\|", "|");
      return { document, line, commands: [{ line, text }] };
    });
  });
}

function commandsOf(block: string, firstLine: number): ShellCommand[] {
  const found: ShellCommand[] = [];
  let pending: ShellCommand | undefined;
  for (const [index, text] of block.split("\n").entries()) {
    const { line, text: begun } = pending ?? { line: firstLine + index, text: "" };
    const whole = begun + text.replace(/(^|\s)#\s.*$/, "").trimEnd();
    pending = whole.endsWith("\\") ? { line, text: whole.slice(0, -1) } : undefined;
    if (pending === undefined && whole.trim() !== "") found.push({ line, text: whole.trim() });
  }
  return found;
}
