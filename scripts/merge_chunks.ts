/**
 * Makes one file of what `main.js` imports before it runs. `deno bundle` makes a chunk of every set of modules that
 * the same lazy imports share: two dozen small files on the way to a kept token, where each costs a tenth of a
 * millisecond. Lazy chunks import `core.js` as `main.js` does, and nothing else waits for its top-level `await`.
 */

/** What is imported from one file, in the one form that the minifier writes. */
const staticImport = /(import|export)(?:(\{[^}]*\})from)?"\.\/([^"]+)"/g;
/** The end of `main.js`, and the name of its `main`. */
const ending = /Deno\.exit\(await ([\w$]+)\(Deno\.args\)\);\s*$/;

/** Merges the chunks in `folder`, whose files keep the names that they have, but for those that are merged. */
export async function mergeChunks(folder: URL): Promise<void> {
  const texts = await readAll(folder);
  const merged = importedBy("main.js", texts);
  const main = ending.exec(texts.get("main.js") ?? "")?.[1];
  if (main === undefined) throw new Error("dist/main.js does not end as main.ts does");
  await writeCore(folder, main, merged, texts);
  for (const [name, text] of texts) {
    if (!merged.has(name)) await Deno.writeTextFile(new URL(name, folder), redirect(text, merged));
  }
  for (const name of merged) if (name !== "main.js") await Deno.remove(new URL(name, folder));
  await Deno.writeTextFile(
    new URL("main.js", folder),
    `import{main}from"./core.js";Deno.exit(await main(Deno.args));\n`,
  );
}

async function readAll(folder: URL): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    texts.set(name, await Deno.readTextFile(new URL(name, folder)));
  }
  return texts;
}

/** The file of that name, and all that it imports before it runs. */
function importedBy(name: string, texts: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  const open = [name];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = texts.get(file);
    if (text === undefined) throw new Error(`dist/${file} is imported and not there`);
    open.push(...[...text.matchAll(staticImport)].map(([, , , next = ""]) => next));
  }
  return found;
}

/** Bundles the merged files once more; what is left beside them is not looked at. */
async function writeCore(
  folder: URL,
  main: string,
  merged: ReadonlySet<string>,
  texts: ReadonlyMap<string, string>,
): Promise<void> {
  const body = (texts.get("main.js") ?? "").replace(ending, `export{${main} as main};`);
  await Deno.writeTextFile(new URL("main.js", folder), body);
  const exports = [...merged].map((name) => {
    const names = exportedBy(texts.get(name) ?? "");
    const renamed = names.map((each) => `${each} as ${renameIn(name, each)}`);
    return name === "main.js"
      ? `export{main}from"./main.js";`
      : `export{${renamed.join()}}from"./${name}";`;
  });
  const entry = new URL("core_entry.js", folder);
  await Deno.writeTextFile(entry, exports.join("\n"));
  const others = [...texts.keys()].filter((name) => !merged.has(name));
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "-q",
      "--minify",
      "--no-config",
      ...others.map((name) => `--external=./${name}`),
    ]
      .concat("--output", new URL("core.js", folder).pathname, entry.pathname),
  }).spawn().status;
  if (code !== 0) throw new Error(`Cannot merge chunks: deno bundle ended with ${code}`);
  await Deno.remove(entry);
}

/** The names in the list at the end of a chunk. */
function exportedBy(text: string): string[] {
  const list = /export\{([^}]*)\};?\s*$/.exec(text)?.[1] ?? "";
  return list === "" ? [] : list.split(",").map((each) => each.split(" as ").at(-1) ?? each);
}

function renameIn(file: string, name: string): string {
  return `${file.replace(/^chunk-|\.js$/g, "")}_${name}`.replace(/^\d/, "_$&");
}

/** `text` with its imports of merged files from `core.js`. */
function redirect(text: string, merged: ReadonlySet<string>): string {
  return text.replace(
    staticImport,
    (whole, word: string, list: string | undefined, file: string) => {
      if (!merged.has(file)) return whole;
      if (list === undefined) return `${word}"./core.js"`;
      const renamed = list.slice(1, -1).split(",").map((each) => {
        const [name = "", as = name] = each.split(" as ");
        return `${renameIn(file, name)} as ${as}`;
      });
      return `${word}{${renamed.join()}}from"./core.js"`;
    },
  );
}
