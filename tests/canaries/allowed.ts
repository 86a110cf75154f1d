/** A run of fob, as far as it says where secrets may be. */
export interface Occasion {
  /** The name that fob is called by, if it is another. */
  readonly name?: string | undefined;
  readonly args: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  /** What it wrote to stdout and stderr. */
  readonly said: string;
}

/** A file in which a secret was found after a run. */
export interface HeldFile {
  /** What the allow list calls it. */
  readonly file: string;
  readonly path: string;
  /** As of POSIX; 0 on a machine that has none. */
  readonly mode: number;
}

/** A file as it was before a run. */
export interface EarlierFile {
  readonly mode: number;
  /** Those that were in it. */
  readonly secrets: ReadonlySet<string>;
  /** The file that a link led to. */
  readonly target?: string | undefined;
}

/**
 * The only places where a secret may be after a run of fob, beside those where it was before. Never in argv,
 * never on stderr, and in an environment only for a command that a person has fob run with a token. What is
 * hidden is in files alone.
 */
const printing: readonly RegExp[] = [
  /^auth token\b/,
  /^auth env\b/,
  /^helper (?!\w+ (store|erase|forget)\b)/,
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
  /^home\/\.databricks\/token-cache\.json$/,
];

/** What a file is called when it has been put aside, behind its own name. */
const backup = /^(.+?)((?:\.connect)?\.fob-backup|\.corrupt-[\dTZ.-]+)$/;

/** Whether stdout may hold a secret that is not hidden. */
export function mayPrint({ name, args }: Occasion): boolean {
  if (name !== undefined && tools.test(name)) return true;
  const words = args.filter((word) => !word.startsWith("-")).join(" ");
  return printing.some((form) => form.test(words));
}

/**
 * Whether stdout may hold what a person has set, a client's secret too: so Databricks' own command line says
 * what it is asked for.
 */
export function asksForSettings({ name, args }: Occasion): boolean {
  return name === "databricks" && args.includes("--sensitive");
}

/** Whether the programs that this run starts may have a secret in their environment that is not hidden. */
export function mayInherit({ args }: Occasion): boolean {
  return args[0] === "exec";
}

/**
 * Whether the file may hold the secret: only where it is said here, or was before, and for nobody but its
 * owner, or for those who could read the file before. `earlier` are all files, by their paths.
 */
export function mayHold(
  secret: string,
  held: HeldFile,
  earlier: ReadonlyMap<string, EarlierFile>,
  occasion: Occasion,
): boolean {
  const { file, path, mode } = held;
  const had = (name: string): boolean => earlier.get(name)?.secrets.has(secret) === true;
  if (had(path) || isStep(path, occasion)) {
    return (mode & 0o077 & ~(earlier.get(path)?.mode ?? 0)) === 0;
  }
  const links = [...earlier].filter(([, { target }]) => target === path).map(([name]) => name);
  return (mode & 0o077) === 0 &&
    (plainFiles.some((form) => form.test(file)) || isBackup(held, had, occasion) ||
      [path, ...links].some((name) => isGivenBack(name, had, occasion)));
}

/** A file that was put aside, which is told; or as Databricks' own command line leaves one, which is not. */
function isBackup(
  { file, path }: HeldFile,
  had: (path: string) => boolean,
  { said }: Occasion,
): boolean {
  if (file === "home/.databrickscfg.bak") return had(path.slice(0, -".bak".length));
  const [, original] = backup.exec(path) ?? [];
  const isTold = [path, `/${file}`].some((name) => said.includes(name));
  return original !== undefined && isTold && had(original);
}

/** What `--undo` takes from a backup. */
function isGivenBack(path: string, had: (path: string) => boolean, { args }: Occasion): boolean {
  return args[0] === "migrate" && args.includes("--undo") && had(`${path}.fob-backup`);
}

/** The file from which GitHub Actions reads the variables of a job's later steps: theirs to keep. */
function isStep(path: string, { args, environment }: Occasion): boolean {
  return args.join(" ").startsWith("auth env ") && args.includes("github") &&
    environment.get("GITHUB_ENV") === path;
}
