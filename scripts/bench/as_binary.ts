const bundle = new URL("../../dist/", import.meta.url);

/**
 * Copies the bundle to `folder` so that it loads as in a binary, and returns the path of the copy's `main.js`. `deno run`
 * parses every imported file before it starts; a binary has resolved the imports at build time. The copy hides the
 * imported names from that parser.
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

/** `text` with each import resolved at run time. */
export function hideImports(text: string): string {
  return text.replaceAll(/\bimport\(("\.\/[^"]+")\)/g, "import([$1][0])");
}
