/** Finds unused exports, which mislead a reader into a search for their users. */
import { deepEqual } from "node:assert/strict";

const top = new URL("../../", import.meta.url);

async function texts(folder: string): Promise<[path: string, text: string][]> {
  const found: [string, string][] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, top))) {
    const path = `${folder}${name}`;
    if (isDirectory) found.push(...await texts(`${path}/`));
    else if (name.endsWith(".ts")) found.push([path, await Deno.readTextFile(new URL(path, top))]);
  }
  return found;
}

/** The exported functions, classes and values in `text`. Types are not checked. */
function exportsOf(text: string): string[] {
  const exported = /^export (?:async )?(?:function\*?|class|abstract class|const) (\w+)/gm;
  return [...text.matchAll(exported)].map(([, name = ""]) => name);
}

/** How often `name` occurs in `text` as a word. */
function count(name: string, text: string): number {
  return text.match(new RegExp(`\\b${name}\\b`, "g"))?.length ?? 0;
}

const files = (await Promise.all(["ffi/", "scripts/", "src/", "tests/"].map(texts))).flat();
files.push(["main.ts", await Deno.readTextFile(new URL("main.ts", top))]);

/** The files that import `path`, relative to the repository. */
function importers(path: string): [string, string][] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return files.filter(([other, text]) => other !== path && text.includes(`/${name}"`));
}

Deno.test("every export is imported, and no export of shipped code only by tests", () => {
  const needless = files.flatMap(([path, text]) =>
    exportsOf(text).filter((name) => {
      const users = importers(path).filter(([, other]) => count(name, other) > 0);
      const isShipped = !path.startsWith("tests/") &&
        users.every(([at]) => at.startsWith("tests/"));
      return users.length === 0 || isShipped && count(name, text) === 1;
    }).map((name) => `${path}: ${name}`)
  );
  deepEqual(needless, []);
});
