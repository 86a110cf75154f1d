import { fileURLToPath } from "node:url";

/** A package of npm that is in the binary. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression of its licence. */
  readonly licence: string;
  /** The text of its licence, as it is in the package. */
  readonly licenceText: string;
  /** A Subresource Integrity string, from `deno.lock`. */
  readonly integrity: string;
  /** The keys of the packages that it depends on. */
  readonly dependencies: readonly string[];
}

/** What `deno info --json` says, as far as it matters here. */
interface Graph {
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<
    Record<string, {
      readonly name: string;
      readonly version: string;
      readonly dependencies: readonly string[];
      readonly localPath: string;
    }>
  >;
}

const top = new URL("../..", import.meta.url);

/**
 * The packages that `main.ts` leads to, and what they depend on, by their key in `deno.lock`, sorted.
 *
 * @throws {Error} where one has no licence, or is not in `deno.lock`.
 */
export async function shippedPackages(): Promise<Map<string, Package>> {
  const { modules, npmPackages } = await readGraph();
  const lock = JSON.parse(await Deno.readTextFile(new URL("deno.lock", top)));
  const keys = new Set(modules.flatMap(({ npmPackage }) => npmPackage ?? []));
  // A set that grows is walked to its end.
  for (const key of keys) npmPackages[key]?.dependencies.forEach((needed) => keys.add(needed));
  const entries = [...keys].sort().map(async (key): Promise<[string, Package]> => {
    const found = npmPackages[key];
    const integrity: string | undefined = lock.npm[key]?.integrity;
    if (found === undefined || integrity === undefined) throw new Error(`"${key}" is not locked`);
    const { name, version, dependencies, localPath } = found;
    return [key, { name, version, dependencies, integrity, ...await readLicence(localPath) }];
  });
  return new Map(await Promise.all(entries));
}

async function readGraph(): Promise<Graph> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "main.ts"],
    cwd: fileURLToPath(top),
  }).output();
  if (!success) throw new Error(`deno info failed: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function readLicence(folder: string): Promise<Pick<Package, "licence" | "licenceText">> {
  const { license } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  const file = names.sort().find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
  if (typeof license !== "string" || file === undefined) {
    throw new Error(`There is no licence in "${folder}"`);
  }
  return { licence: license, licenceText: (await Deno.readTextFile(`${folder}/${file}`)).trim() };
}

/** What the licences ask to be told with every copy. */
export function notices(packages: Iterable<Package>): string {
  const parts = [...packages].map(({ name, version, licence, licenceText }) =>
    `${name} ${version} (${licence})\n\n${licenceText}\n`
  );
  const head = `fob is MIT, see LICENSE. It runs on Deno ${Deno.version.deno} (MIT, ` +
    "https://deno.com), and has these packages in it:\n";
  return [head, ...parts].join(`\n${"-".repeat(72)}\n\n`);
}
