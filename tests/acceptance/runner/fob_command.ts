/**
 * The program that the scripts run: `FOB_BIN`, or else the bundle with the binary's permissions.
 * Deno's own settings are kept out, because a binary has none.
 */
export async function fobCommand(): Promise<string[]> {
  const binary = Deno.env.get("FOB_BIN");
  if (binary !== undefined && binary !== "") return [await Deno.realPath(binary)];
  return [Deno.execPath(), ...await bundleArguments((path) => path)];
}

/** What Deno is told to run the bundle, the paths of which are written by `spell`. */
export async function bundleArguments(spell: (path: string) => string): Promise<string[]> {
  const root = await Deno.realPath(`${import.meta.dirname}/../../..`);
  const bundle = `${root}/dist/main.js`;
  await Deno.stat(bundle).catch(() => {
    throw new Error('There is no "dist/main.js": run deno task bundle');
  });
  const permissions = (await Deno.readTextFile(`${root}/scripts/permissions`)).trim().split(/\s+/);
  return ["run", "-q", "--no-config", "--no-lock", ...permissions, spell(bundle)];
}
