/**
 * Merges the chunks that `main.js` imports before it runs into one file, and the rest that every
 * command loads into another. `deno bundle` makes a chunk for every set of modules that the same lazy
 * imports share. Reading a stored token would load two dozen small files, each of which costs a tenth
 * of a millisecond. Lazy chunks import `core.js`, like `main.js`, so that nothing else waits for the
 * top-level `await` of `main.js`.
 */

/** A static import or re-export, in the form that the minifier writes. */
const staticImport = /(import|export)(?:(\{[^}]*\})from)?"\.\/([^"]+)"/g;
/** The last statement of `main.js`, with the name of its `main`. */
const ending = /Deno\.exit\(await ([\w$]+)\(Deno\.args\)\);\s*$/;

/** Chunks to merge into one file. */
interface Group {
  /** The chunk that imports all others. Its exports keep their names. */
  readonly root: string;
  readonly output: string;
  readonly members: ReadonlySet<string>;
}

/** Merges chunks in `folder`. All other files keep their names.
 *
 * @throws {Error} if an imported chunk is missing or `main.js` does not end with the call of `main`. */
export async function mergeChunks(folder: URL): Promise<void> {
  const texts = await readAll(folder);
  const groups = findGroups(texts);
  const main = ending.exec(texts.get("main.js") ?? "")?.[1];
  if (main === undefined) {
    throw new Error("dist/main.js does not end with Deno.exit(await main(Deno.args))");
  }
  const body = (texts.get("main.js") ?? "").replace(ending, `export{${main} as main};`);
  texts.set("main.js", body);
  await Deno.writeTextFile(new URL("main.js", folder), body);
  const merged = new Map<string, string>();
  for (const group of groups) merged.set(group.output, await mergeGroup(folder, group, texts));
  for (const name of groups.flatMap(({ members }) => [...members])) {
    await Deno.remove(new URL(name, folder));
    texts.delete(name);
  }
  for (const [name, text] of [...texts, ...merged]) {
    await Deno.writeTextFile(new URL(name, folder), redirect(text, groups));
  }
  await Deno.writeTextFile(
    new URL("main.js", folder),
    `import{main}from"./core.js";Deno.exit(await main(Deno.args));\n`,
  );
}

/** The chunk that every command loads after `main.js`. */
const next = /^run-\w+\.js$/;

/** The group of `main.js`, and a group for each chunk that it loads next. */
function findGroups(texts: ReadonlyMap<string, string>): Group[] {
  const core = importedBy("main.js", texts);
  const roots = [...texts.keys()].filter((name) => next.test(name));
  return [
    { root: "main.js", output: "core.js", members: core },
    ...roots.map((root) => {
      return { root, output: root, members: importedBy(root, texts).difference(core) };
    }),
  ];
}

async function readAll(folder: URL): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    texts.set(name, await Deno.readTextFile(new URL(name, folder)));
  }
  return texts;
}

/** The file and everything it imports statically, directly or not. */
function importedBy(name: string, texts: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  const open = [name];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = texts.get(file);
    if (text === undefined) throw new Error(`dist/${file} is imported but does not exist`);
    open.push(...[...text.matchAll(staticImport)].map(([, , , next = ""]) => next));
  }
  return found;
}

/** Bundles the chunks of a group into one text. All other files stay external. */
async function mergeGroup(
  folder: URL,
  group: Group,
  texts: ReadonlyMap<string, string>,
): Promise<string> {
  const exports = [...group.members].map((name) => {
    const names = exportedBy(texts.get(name) ?? "");
    const renamed = names.map((each) => `${each} as ${renameIn(name, each, group)}`);
    return `export{${renamed.join()}}from"./${name}";`;
  });
  const [entry, output] = [new URL("entry.js", folder), new URL("output.js", folder)];
  await Deno.writeTextFile(entry, exports.join("\n"));
  const others = [...texts.keys()].filter((name) => !group.members.has(name));
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "-q", "--minify", "--no-config"]
      .concat(others.map((name) => `--external=./${name}`))
      .concat("--output", output.pathname, entry.pathname),
  }).spawn().status;
  if (code !== 0) throw new Error(`Cannot merge chunks: deno bundle exited with ${code}`);
  const text = await Deno.readTextFile(output);
  await Promise.all([entry, output].map((file) => Deno.remove(file)));
  return text;
}

/** The names in the export list at the end of a chunk. */
function exportedBy(text: string): string[] {
  const list = /export\{([^}]*)\};?\s*$/.exec(text)?.[1] ?? "";
  return list === "" ? [] : list.split(",").map((each) => each.split(" as ").at(-1) ?? each);
}

function renameIn(file: string, name: string, { root }: Group): string {
  if (file === root) return name;
  return `${file.replace(/^chunk-|\.js$/g, "")}_${name}`.replace(/^\d/, "_$&");
}

/** `text` with its imports of merged chunks redirected to the merged files. */
function redirect(text: string, groups: readonly Group[]): string {
  return text.replace(
    staticImport,
    (whole, word: string, list: string | undefined, file: string) => {
      const group = groups.find(({ members }) => members.has(file));
      if (group === undefined) return whole;
      if (list === undefined) return `${word}"./${group.output}"`;
      const renamed = list.slice(1, -1).split(",").map((each) => {
        const [name = "", as = name] = each.split(" as ");
        return `${renameIn(file, name, group)} as ${as}`;
      });
      return `${word}{${renamed.join()}}from"./${group.output}"`;
    },
  );
}
