/**
 * Makes one file of what `main.js` imports before it runs, and one of the rest that it then loads for every command.
 * `deno bundle` makes a chunk of every set of modules that the same lazy imports share: two dozen small files on
 * the way to a kept token, where each costs a tenth of a millisecond. Lazy chunks import `core.js` as `main.js` does,
 * and nothing else waits for its top-level `await`.
 */

/** What is imported from one file, in the one form that the minifier writes. */
const staticImport = /(import|export)(?:(\{[^}]*\})from)?"\.\/([^"]+)"/g;
/** The end of `main.js`, and the name of its `main`. */
const ending = /Deno\.exit\(await ([\w$]+)\(Deno\.args\)\);\s*$/;

/** Files that become one. */
interface Group {
  /** The file that leads to all the others, and whose exports keep their names. */
  readonly root: string;
  readonly output: string;
  readonly members: ReadonlySet<string>;
}

/** Merges the chunks in `folder`, whose files keep the names that they have, but for those that are merged. */
export async function mergeChunks(folder: URL): Promise<void> {
  const texts = await readAll(folder);
  const groups = findGroups(texts);
  const main = ending.exec(texts.get("main.js") ?? "")?.[1];
  if (main === undefined) throw new Error("dist/main.js does not end as main.ts does");
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

/** What every command loads next. */
const next = /^run-\w+\.js$/;

/** What `main.js` imports; and what of the rest is imported by what it then loads. */
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

/** Bundles the files of a group once more; what is left beside them is not looked at. */
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
  if (code !== 0) throw new Error(`Cannot merge chunks: deno bundle ended with ${code}`);
  const text = await Deno.readTextFile(output);
  await Promise.all([entry, output].map((file) => Deno.remove(file)));
  return text;
}

/** The names in the list at the end of a chunk. */
function exportedBy(text: string): string[] {
  const list = /export\{([^}]*)\};?\s*$/.exec(text)?.[1] ?? "";
  return list === "" ? [] : list.split(",").map((each) => each.split(" as ").at(-1) ?? each);
}

function renameIn(file: string, name: string, { root }: Group): string {
  if (file === root) return name;
  return `${file.replace(/^chunk-|\.js$/g, "")}_${name}`.replace(/^\d/, "_$&");
}

/** `text` with its imports of merged files from what they have become. */
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
