import { abandonedAfter } from "../limits.ts";
import type { Source } from "../migrate/source.ts";
import type { Clock } from "../system/clock.ts";
import type { Environment } from "../system/environment.ts";
import type { Directories } from "../system/files/directories.ts";
import type { UserFile } from "../system/files/user_file.ts";
import type { Machine } from "../system/machine.ts";
import { type Check, ok, warn } from "./check.ts";

/** What finding leftovers needs. */
interface LeftoverNeeds {
  readonly machine: Machine;
  readonly directories: () => Directories;
  readonly profileFile: () => UserFile;
  readonly clock: Clock;
  readonly environment: Environment;
  /** The tools whose files fob changes when it is asked to. */
  readonly sources: readonly Source[];
}

/** What nobody uses any more of what fob wrote, and may have secrets in it. */
export async function checkLeftovers(needs: LeftoverNeeds): Promise<Check> {
  const found = [await findTemporary(needs), await findPassed(needs), await findStrays(needs)];
  const left = new Set(found.flat());
  if (left.size === 0) return ok("leftover-files", "None of writers that were killed");
  const detail = `Left by writers that were killed, or set aside, with secrets in them perhaps: ${
    [...left].map((path) => `"${path}"`).join(", ")
  }`;
  return warn("leftover-files", detail, "file_left", { paths: [...left].join("\n") });
}

/** What is beside the files that fob writes. */
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

/** What is beside no record of a lease: locks that nobody holds, and texts that were being written. */
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

/** The files that were made for a command whose fob was killed: nobody holds the lock beside them. */
async function findPassed({ machine, directories }: LeftoverNeeds): Promise<string[]> {
  const { state, runtime } = directories();
  const left: string[] = [];
  for (const folder of await machine.beside(`${runtime ?? state}/passing/.`)) {
    const isFolder = (await machine.entry(folder))?.kind === "directory";
    const [lock] = isFolder ? await machine.locksIn(folder) : [];
    if (lock === undefined || lock.isHeld) continue;
    left.push(...(await machine.beside(lock.path)).filter((path) => path !== lock.path));
  }
  return left;
}

/** What `replaceFile` writes to, what stores are tried with, and damaged files that were set aside. */
function isLeftOf(own: string, path: string): boolean {
  const [file, name] = [nameOf(own), nameOf(path)];
  const beginnings = [`.${file}.fob-`, `.${file}.bak.fob-`, `${file}.corrupt-`];
  return beginnings.some((beginning) => name.startsWith(beginning)) ||
    /^\.?probe-[\da-f]{8}-[\da-f-]{27}\.json/.test(name);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
