const dist = new URL("../../dist/", import.meta.url);

/** Replaces a folder of `dist/` by `files`, texts by file name. Returns their paths. */
export async function writeInto(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  const folder = new URL(`${name}/`, dist);
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    await Deno.writeTextFile(new URL(file, folder), text);
  }
  return Object.keys(files).map((file) => `dist/${name}/${file}`);
}
