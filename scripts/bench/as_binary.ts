const bundle = new URL("../../dist/", import.meta.url);

/**
 * Copies the bundle to `folder` so that it runs as in a binary, and returns the copy's `main.js`. Deno parses all files
 * that a bundle names before it runs one; a binary knows since it was made what they import, and opens what it runs.
 * In the copy the names are hidden from that parser.
 */
export async function copyAsBinary(folder: string): Promise<string> {
  const copy = `${folder}/dist`;
  await Deno.mkdir(copy);
  for await (const { name } of Deno.readDir(bundle)) {
    const text = await Deno.readTextFile(new URL(name, bundle));
    await Deno.writeTextFile(`${copy}/${name}`, hideImports(text));
  }
  return `${copy}/main.js`;
}

/** `text` with the same imports while it runs, each by a name that is found out then. */
export function hideImports(text: string): string {
  return text.replaceAll(/\bimport\(("\.\/[^"]+")\)/g, "import([$1][0])");
}
