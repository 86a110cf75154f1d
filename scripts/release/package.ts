// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import settings from "../../deno.json" with { type: "json" };
import { fileNames } from "../../src/cli/completions/scripts.ts";
import { type Entry, tarGzip, zip } from "./archive.ts";
import { makeDeb } from "./deb.ts";
import { releaseTime } from "./release_time.ts";
import { withReleasedLinks, withRepository } from "./repository.ts";
import { notices, shippedPackages } from "./shipped_packages.ts";
import {
  archiveName,
  binaryName,
  binaryPath,
  findTarget,
  releaseName,
  type Target,
} from "./targets.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The files of a release with `binary`: the program, its licenses, the completions and the manual pages. Other
 * tasks must have made them in `dist/`.
 *
 * @throws {Error} if a file is missing.
 */
export async function releaseFiles(target: Target, binary: string, root = top): Promise<Entry[]> {
  const manual = (await Array.fromAsync(Deno.readDir(`${root}dist/man`)).catch(() => []))
    .map(({ name }) => name).filter((name) => name.endsWith(".1"));
  if (!manual.includes("fob.1")) throw new Error('"dist/man/fob.1" not found: run deno task man');
  const notice = new TextEncoder().encode(notices((await shippedPackages()).values()));
  return [
    { path: binaryName(target), bytes: await read(binary, "deno task compile"), isProgram: true },
    { path: "LICENSE", bytes: await read(`${root}LICENSE`) },
    { path: "README.md", bytes: asReleased(await read(`${root}README.md`)) },
    { path: "THIRD_PARTY", bytes: notice },
    ...await readAll("completions", Object.values(fileNames), root),
    ...await readAll("man", manual, root),
  ];
}

/** The README of an archive, which holds no other document: its links lead to the repository. */
function asReleased(readme: Uint8Array): Uint8Array {
  const text = withReleasedLinks(new TextDecoder().decode(readme), settings.version, ["LICENSE"]);
  return new TextEncoder().encode(withRepository(text));
}

async function readAll(task: string, names: readonly string[], root: string): Promise<Entry[]> {
  return await Promise.all(names.map(async (name) => ({
    path: `${task}/${name}`,
    bytes: await read(`${root}dist/${task}/${name}`, `deno task ${task}`),
  })));
}

async function read(path: string, fix = ""): Promise<Uint8Array> {
  return await Deno.readFile(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`"${path}" not found${fix === "" ? "" : `: run ${fix}`}`);
  });
}

/** Makes the archive of `target` in `folder`, and the Debian package for Linux. Resolves to their paths. */
export async function makePackages(
  version: string,
  target: Target,
  files: readonly Entry[],
  folder: string,
): Promise<string[]> {
  const name = releaseName(version, target);
  const entries = files.map((entry) => ({ ...entry, path: `${name}/${entry.path}` }));
  const pack = target.os === "windows" ? zip : tarGzip;
  await Deno.mkdir(folder, { recursive: true });
  const archive = `${folder}/${archiveName(version, target)}`;
  await Deno.writeFile(archive, pack(entries, releaseTime()));
  return target.os === "linux"
    ? [archive, await makeDeb(version, target, files, folder)]
    : [archive];
}

if (import.meta.main) {
  const options = { target: { type: "string" }, binary: { type: "string" } } as const;
  try {
    const { values } = parseArgs({ args: Deno.args, options });
    const target = findTarget(values.target ?? Deno.build.target);
    const files = await releaseFiles(target, values.binary ?? `${top}${binaryPath(target)}`);
    const paths = await makePackages(settings.version, target, files, `${top}release`);
    for (const path of paths) console.log(path.slice(top.length));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
