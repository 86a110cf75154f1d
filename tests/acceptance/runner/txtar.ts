/** A text archive in Go's txtar format: a comment, then files, each under a line `-- name --`. */
export interface Archive {
  readonly comment: string;
  readonly files: readonly ArchivedFile[];
}

export interface ArchivedFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Parses an archive. Any text is valid, and `joinTxtar` returns it unchanged. A marker is a whole line:
 * without a line feed at the end, it is text.
 */
export function parseTxtar(text: string): Archive {
  const [comment = "", ...parts] = text.split(/(?<![^\n])-- (\S|\S[^\n]*\S) --\n/);
  const files: ArchivedFile[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    files.push({ name: parts[i] ?? "", text: parts[i + 1] ?? "" });
  }
  return { comment, files };
}

export function joinTxtar(archive: Archive): string {
  const files = archive.files.map(({ name, text }) => `-- ${name} --\n${text}`);
  return archive.comment + files.join("");
}
