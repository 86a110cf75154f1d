import { fileURLToPath } from "node:url";

/** An npm package that is embedded in the binary. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression of its license. */
  readonly license: string;
  /** The text of its license file. */
  readonly licenseText: string;
  /** A Subresource Integrity string, from `deno.lock`. */
  readonly integrity: string;
  /** Keys of its dependencies. */
  readonly dependencies: readonly string[];
}

/** The parts of `deno info --json` that are read. */
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
 * The packages that `main.ts` imports, and their dependencies, by their key in `deno.lock`, sorted.
 *
 * @throws {Error} if a package has no license or is not in `deno.lock`.
 */
export async function shippedPackages(): Promise<Map<string, Package>> {
  const { modules, npmPackages } = await readGraph();
  const lock = JSON.parse(await Deno.readTextFile(new URL("deno.lock", top)));
  const keys = new Set(modules.flatMap(({ npmPackage }) => npmPackage ?? []));
  // The loop also visits the keys that it adds.
  for (const key of keys) npmPackages[key]?.dependencies.forEach((needed) => keys.add(needed));
  const entries = [...keys].sort().map(async (key): Promise<[string, Package]> => {
    const found = npmPackages[key];
    const integrity: string | undefined = lock.npm[key]?.integrity;
    if (found === undefined || integrity === undefined) {
      throw new Error(`"${key}" is not in deno.lock`);
    }
    const { name, version, dependencies, localPath } = found;
    return [key, { name, version, dependencies, integrity, ...await readLicense(localPath) }];
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

async function readLicense(folder: string): Promise<Pick<Package, "license" | "licenseText">> {
  const { license } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  const file = names.sort().find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
  if (typeof license !== "string" || file === undefined) {
    throw new Error(`No license found in "${folder}"`);
  }
  return { license, licenseText: (await Deno.readTextFile(`${folder}/${file}`)).trim() };
}

/** The license notices that must be distributed with every copy. */
export function notices(packages: Iterable<Package>): string {
  const parts = [...packages].map(({ name, version, license, licenseText }) =>
    `${name} ${version} (${license})\n\n${licenseText}\n`
  );
  const head =
    `fob is licensed under the MIT license, see LICENSE. It includes Deno ${Deno.version.deno} (MIT, ` +
    "https://deno.com) and these packages:\n    ";
  return [head, ...parts].join(`\n${"-".repeat(72)}\n\n`);
}
