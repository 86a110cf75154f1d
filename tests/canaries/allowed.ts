/** A run of fob, as far as it says where secrets may be. */
export interface Occasion {
  /** The name that fob is called by, if it is another. */
  readonly name?: string | undefined;
  readonly args: readonly string[];
  /** What it wrote to stdout and stderr. */
  readonly said: string;
}

/**
 * The only places where a secret may be after a run of fob, beside those where it was before. Never in argv,
 * never on stderr, and in an environment only for a command that a person has fob run with a token.
 */
const printing: readonly RegExp[] = [
  /^auth token\b/,
  /^auth env\b/,
  /^helper\b/,
  // What the command prints that fob runs.
  /^exec\b/,
];

/** Other names of fob by which tools ask it for credentials. */
const tools =
  /^(git-credential-fob|docker-credential-fob|terraform-credentials-fob|cargo-credential-fob|keyring)$/;

/** Files that a person knows to hold secrets in plain text, relative to the directory of a script. */
const plainFiles: readonly RegExp[] = [
  // fob's own where there is no keychain, or where plain text was asked for.
  /^home\/\.local\/state\/fob\/credentials\.json$/,
  // Databricks' tools' own, where a person keeps a token in it, and the cache that the mode "legacy" shares.
  /^home\/\.databrickscfg$/,
  // What stood there before the last change, as Databricks' own command line leaves it too.
  /^home\/\.databrickscfg\.bak$/,
  /^home\/\.databricks\/token-cache\.json$/,
];

/** Whether stdout may hold a secret. */
export function mayPrint({ name, args }: Occasion): boolean {
  if (name !== undefined && tools.test(name)) return true;
  const words = args.filter((word) => !word.startsWith("-")).join(" ");
  return printing.some((form) => form.test(words)) || args.includes("--sensitive");
}

/** Whether the programs that this run starts may have a secret in their environment. */
export function mayInherit({ args }: Occasion): boolean {
  return args[0] === "exec";
}

/** Whether the file may hold a secret that was not there before; `path` is where it is. */
export function mayHold(file: string, path: string, occasion: Occasion): boolean {
  if (plainFiles.some((form) => form.test(file))) return true;
  const [command] = occasion.args;
  // What a command writes that fob runs, and what `--undo` gives back.
  const isOthers = command === "exec" || command === "migrate" && occasion.args.includes("--undo");
  if (isOthers && !/(^|\/)fob\//.test(file)) return true;
  // A backup that is told of.
  return [path, `/${file}`].some((name) => occasion.said.includes(name));
}
