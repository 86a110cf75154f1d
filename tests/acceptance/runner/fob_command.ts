/**
 * The program that the scripts run: `FOB_BIN`, default the bundle with the permissions of the binary.
 * Deno's config file and lock file are disabled, because a binary has none.
 */
export async function fobCommand(): Promise<string[]> {
  const binary = Deno.env.get("FOB_BIN");
  if (binary !== undefined && binary !== "") return [await Deno.realPath(binary)];
  return [Deno.execPath(), ...await bundleArguments((path) => path)];
}

/** The arguments for Deno to run the bundle. `spell` converts its path. */
export async function bundleArguments(spell: (path: string) => string): Promise<string[]> {
  const root = await Deno.realPath(`${import.meta.dirname}/../../..`);
  const bundle = `${root}/dist/main.js`;
  await Deno.stat(bundle).catch(() => {
    throw new Error('"dist/main.js" not found: run deno task bundle');
  });
  const permissions = (await Deno.readTextFile(`${root}/scripts/permissions`)).trim().split(/\s+/);
  return ["run", "-q", "--no-config", "--no-lock", ...permissions, spell(bundle)];
}
