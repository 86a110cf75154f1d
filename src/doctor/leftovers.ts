import { abandonedAfter } from "../limits.ts";
import type { Source } from "../migrate/source.ts";
import type { Clock } from "../system/clock.ts";
import type { Environment } from "../system/environment.ts";
import type { Directories } from "../system/files/directories.ts";
import type { UserFile } from "../system/files/user_file.ts";
import type { Machine } from "../system/machine.ts";
import { type Check, ok, warn } from "./check.ts";

/** Dependencies of {@link checkLeftovers}. */
interface LeftoverNeeds {
  readonly machine: Machine;
  readonly directories: () => Directories;
  readonly profileFile: () => UserFile;
  readonly clock: Clock;
  readonly environment: Environment;
  /** The tools with files that fob can change. */
  readonly sources: readonly Source[];
}

/** Finds files of fob that are no longer used and may contain secrets. */
export async function checkLeftovers(needs: LeftoverNeeds): Promise<Check> {
  const found = [
    await findTemporary(needs),
    await findInTemporaryDirectories(needs),
    await findStrays(needs),
  ];
  const left = new Set(found.flat());
  if (left.size === 0) return ok("leftover-files", "No leftover files");
  const detail = `Leftover files that may contain secrets: ${
    [...left].map((path) => `"${path}"`).join(", ")
  }`;
  return warn("leftover-files", detail, "file_left", { paths: [...left].join("\n") });
}

/** Finds temporary and corrupt files beside the files that fob writes. */
async function findTemporary(needs: LeftoverNeeds): Promise<string[]> {
  const { machine, directories, profileFile, sources, environment } = needs;
  const foreign = sources.flatMap((source) => source.paths(environment));
  const left: string[] = [];
  const credentials = `${directories().state}/credentials.json`;
  for (const own of [credentials, profileFile().path, ...foreign]) {
    for (const path of (await machine.beside(own)).filter((path) => isLeftOf(own, path))) {
      if (await isOld(path, needs)) left.push(path);
    }
  }
  return left;
}

/** Finds files without a lease record: free locks, and temporary files. */
async function findStrays(needs: LeftoverNeeds): Promise<string[]> {
  const { machine, directories } = needs;
  const folder = `${directories().state}/leases`;
  const paths = await machine.beside(`${folder}/.`);
  const used = (await machine.locksIn(folder)).filter(({ path, isHeld }) =>
    isHeld || paths.includes(path.replace(/lock$/, "json"))
  ).map(({ path }) => path);
  const left: string[] = [];
  for (const path of paths.filter((path) => !path.endsWith(".json") && !used.includes(path))) {
    if (await isOld(path, needs)) left.push(path);
  }
  return left;
}

async function isOld(path: string, { machine, clock }: LeftoverNeeds): Promise<boolean> {
  const { modifiedAt = 0 } = await machine.entry(path) ?? {};
  return clock.now() - modifiedAt > abandonedAfter;
}

/** Finds files in the temporary directories of killed processes, which are not locked any more. */
async function findInTemporaryDirectories(
  { machine, directories }: LeftoverNeeds,
): Promise<string[]> {
  const { state, runtime } = directories();
  const left: string[] = [];
  for (const folder of await machine.beside(`${runtime ?? state}/tmp/.`)) {
    const isFolder = (await machine.entry(folder))?.kind === "directory";
    const [lock] = isFolder ? await machine.locksIn(folder) : [];
    if (lock === undefined || lock.isHeld) continue;
    left.push(...(await machine.beside(lock.path)).filter((path) => path !== lock.path));
  }
  return left;
}

/** Whether `path` is a temporary file of `replaceFile`, a corrupt copy of `own`, or the file of a store test. */
function isLeftOf(own: string, path: string): boolean {
  const [file, name] = [nameOf(own), nameOf(path)];
  const beginnings = [`.${file}.fob-`, `.${file}.bak.fob-`, `${file}.corrupt-`];
  return beginnings.some((beginning) => name.startsWith(beginning)) ||
    /^\.?probe-[\da-f]{8}-[\da-f-]{27}\.json/.test(name);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
