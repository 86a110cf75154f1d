import { backupOf } from "../ledger/ledger.ts";
import type { ForeignText, Source } from "../migrate/source.ts";
import type { Clock } from "../system/clock.ts";
import type { Environment } from "../system/environment.ts";
import type { TextFile } from "../system/files/text_file.ts";
import type { Machine } from "../system/machine.ts";
import { type Check, check, ok, warn } from "./check.ts";
import { describeReaders } from "./files.ts";
import { netrc } from "./netrc_scanner.ts";
import { npm } from "./npm_scanner.ts";
import type { PlaintextScanner } from "./plaintext_scanner.ts";

/** Dependencies of {@link checkForeignSecrets}. */
export interface ForeignNeeds {
  readonly environment: Environment;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly foreignFile: (path: string) => Promise<TextFile>;
  /** The tools that fob can migrate from. */
  readonly sources: readonly Source[];
}

/** The secrets in one file. */
interface Found {
  readonly path: string;
  readonly keys: readonly string[];
  /** Whether the file is a backup that `fob migrate` or `fob connect` made. */
  readonly isBackup: boolean;
}

/** The tools that fob cannot migrate from. */
const scanners: readonly PlaintextScanner[] = [npm, netrc];

/** Checks for secrets that other tools store in plaintext. Shows the files, the keys and the count, not the values. */
export async function checkForeignSecrets(needs: ForeignNeeds): Promise<Check[]> {
  return await Promise.all([
    ...needs.sources.map((source) =>
      checkTool(source.tool, () => findInSource(source, needs), needs)
    ),
    ...scanners.map((scanner) =>
      checkTool(scanner.tool, () => scanForPlaintext(scanner, needs), needs)
    ),
  ]);
}

async function checkTool(
  tool: string,
  find: () => Promise<Found[]>,
  { machine, sources }: ForeignNeeds,
): Promise<Check> {
  const id = `plaintext:${tool}`;
  const result = await check(id, async () => {
    const found = (await find()).filter(({ keys }) => keys.length > 0);
    if (found.length === 0) return ok(id, "No secrets");
    const files = await Promise.all(found.map((file) => describeFile(file, machine)));
    const migrates = sources.some((source) => source.tool === tool);
    const isDone = found.every(({ isBackup }) => isBackup);
    return warn(id, files.join("; "), "plaintext_left", {
      tool,
      ...(isDone ? { backups: found.map(({ path }) => path).join("\n") } : {}),
      ...(migrates && !isDone ? { migrates: "yes" } : {}),
    });
  });
  if (result.state !== "fail") return result;
  // An unreadable file does not affect a login, but may contain secrets.
  return warn(id, result.detail, "file_unread", result.facts);
}

async function describeFile({ path, keys }: Found, machine: Machine): Promise<string> {
  const shownKeys = keys.slice(0, 5).map((key) => [...key].slice(0, 60).join("")).join(", ");
  const more = keys.length > 5 ? `, and ${keys.length - 5} more` : "";
  const open = describeReaders(await machine.entry(path));
  const count = `${keys.length} ${keys.length === 1 ? "secret" : "secrets"}`;
  return `${count} in "${path}"${open}: ${shownKeys}${more}`;
}

async function findInSource(source: Source, needs: ForeignNeeds): Promise<Found[]> {
  const files = await Promise.all(source.paths(needs.environment).map(needs.foreignFile));
  const find = async (files: readonly TextFile[], isBackup: boolean): Promise<Found[]> => {
    const texts = files.map(async (file) => ({ path: file.path, text: await file.read() }));
    return findInTexts(source, await Promise.all(texts), needs)
      .map((found) => ({ ...found, isBackup }));
  };
  const backups = (["migrate", "connect"] as const)
    .map((purpose) => find(files.map((file) => backupOf(file, purpose)), true));
  return (await Promise.all([find(files, false), ...backups])).flat();
}

function findInTexts(
  source: Source,
  texts: readonly ForeignText[],
  { clock }: ForeignNeeds,
): Omit<Found, "isBackup">[] {
  const places = source.find(texts, clock.now()).flatMap((finding) => finding.places);
  return texts.map(({ path }) => ({
    path,
    keys: places.filter(({ file }) => file === path).map(({ key }) => key),
  }));
}

async function scanForPlaintext(
  { paths, find }: PlaintextScanner,
  { environment, foreignFile }: ForeignNeeds,
): Promise<Found[]> {
  return await Promise.all(
    paths(environment).map(async (path) => {
      const text = await (await foreignFile(path)).read();
      return { path, keys: text === "" ? [] : find(text, path), isBackup: false };
    }),
  );
}
