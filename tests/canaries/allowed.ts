/** The properties of a run of fob that decide where secrets are allowed. */
export interface Occasion {
  /** The name that fob is called by, if it is not `fob`. */
  readonly name?: string | undefined;
  readonly args: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  /** Its stdout and stderr. */
  readonly said: string;
}

/** A file that contains a secret after a run. */
export interface HeldFile {
  /** Its name in the allow list. */
  readonly file: string;
  readonly path: string;
  /** The POSIX mode; 0 on a system without modes. */
  readonly mode: number;
}

/** The state of a file before a run. */
export interface EarlierFile {
  readonly mode: number;
  /** The secrets in it. */
  readonly secrets: ReadonlySet<string>;
  /** The target of a link. */
  readonly target?: string | undefined;
}

/**
 * Commands that may print a secret. After a run of fob, a secret may be only there and in the files
 * below, besides the files where it was before. It is never allowed in argv or on stderr, and in an
 * environment only for a command that a user runs through fob. Hidden secrets are allowed only in
 * files.
 */
const printing: readonly RegExp[] = [
  /^auth token\b/,
  /^auth env\b/,
  /^helper (?!\w+ (store|erase|forget)\b)/,
  // The output of the command that fob runs.
  /^exec\b/,
];

/** Names that tools call fob by to get credentials. */
const tools =
  /^(git-credential-fob|docker-credential-fob|terraform-credentials-fob|cargo-credential-fob|keyring)$/;

/** Files that are known to hold secrets in plaintext, relative to the directory of a script. */
const plainFiles: readonly RegExp[] = [
  // fob's plaintext file.
  /^home\/\.local\/state\/fob\/credentials\.json$/,
  // Files of the Databricks tools: tokens of a user, and the cache that the mode "legacy" shares.
  /^home\/\.databrickscfg$/,
  /^home\/\.databricks\/token-cache\.json$/,
];

/** Names of backups: the name of the file with a suffix. */
const backup = /^(.+?)((?:\.connect)?\.fob-backup|\.corrupt-[\dTZ.-]+)$/;

/** Whether stdout may contain a secret that is not hidden. */
export function mayPrint({ name, args }: Occasion): boolean {
  if (name !== undefined && tools.test(name)) return true;
  const words = args.filter((word) => !word.startsWith("-")).join(" ");
  return printing.some((form) => form.test(words));
}

/**
 * Whether stdout may contain settings, client secrets included, as in Databricks' own CLI.
 */
export function asksForSettings({ name, args }: Occasion): boolean {
  return name === "databricks" && args.includes("--sensitive");
}

/** Whether programs that this run starts may have a secret that is not hidden in their environment. */
export function mayInherit({ args }: Occasion): boolean {
  return args[0] === "exec";
}

/**
 * Whether the file may contain the secret: only if it is allowed here or contained it before, and only
 * its owner, or the users who could read the file before, can read it. `earlier` has all files by path.
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

/**
 * Whether the file is a backup that fob has reported, or the backup of Databricks' CLI, which is not
 * reported.
 */
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

/** Whether `migrate --undo` has restored the file from a backup. */
function isGivenBack(path: string, had: (path: string) => boolean, { args }: Occasion): boolean {
  return args[0] === "migrate" && args.includes("--undo") && had(`${path}.fob-backup`);
}

/** Whether the file is GITHUB_ENV, from which GitHub Actions reads the variables of later steps. */
function isStep(path: string, { args, environment }: Occasion): boolean {
  return args.join(" ").startsWith("auth env ") && args.includes("github") &&
    environment.get("GITHUB_ENV") === path;
}
