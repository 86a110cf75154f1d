import { expandKnown } from "../runner/words.ts";
import { type Finding, numberOf, type Verb } from "./verb.ts";

/** Verbs that change and check files. */
export const fileVerbs: Readonly<Record<string, Verb>> = {
  exists: {
    usage: "exists FILE…",
    run: (script, names) => existence(names.map((name) => [name, script.path(name)])),
  },
  mode: {
    usage: "mode FILE OCTAL",
    run: async (script, [name = "", octal = ""]) => {
      const { mode } = await Deno.lstat(script.path(name));
      const found = ((mode ?? 0) & 0o7777).toString(8).padStart(4, "0");
      return { holds: found === octal, detail: `the mode is ${found}` };
    },
  },
  contains: {
    usage: "contains FILE RE",
    run: async (script, [name = "", pattern = ""]) => {
      const text = await script.read(name);
      return { holds: new RegExp(pattern, "m").test(text), detail: `the text is:\n${text}` };
    },
  },
  mkdir: {
    usage: "mkdir DIR…",
    run: async (script, names) => {
      for (const name of names) await Deno.mkdir(script.path(name), { recursive: true });
    },
  },
  cp: {
    usage: "cp FILE|stdout|stderr TO",
    run: async (script, [from = "", to = ""]) => {
      if (from === "stdout" || from === "stderr") {
        await Deno.writeTextFile(script.path(to), await script.read(from));
      } else await Deno.copyFile(script.path(from), script.path(to));
    },
  },
  expand: {
    usage: "expand FILE TO",
    run: async (script, [from = "", to = ""]) => {
      const path = script.path(to);
      const text = expandKnown(await script.read(from), (name) => script.lookUp(name));
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
      await Deno.writeTextFile(path, text, { mode: 0o600 });
    },
  },
  rm: {
    usage: "rm FILE…",
    run: async (script, names) => {
      for (const name of names) await Deno.remove(script.path(name), { recursive: true });
    },
  },
  chmod: {
    usage: "chmod OCTAL FILE",
    run: (script, [octal = "", name = ""]) => Deno.chmod(script.path(name), parseInt(octal, 8)),
  },
  append: {
    usage: "append FILE TEXT",
    run: (script, [name = "", text = ""]) =>
      Deno.writeTextFile(script.path(name), text, { append: true }),
  },
  fill: {
    usage: "fill FILE BYTES",
    run: (script, [name = "", bytes = ""]) =>
      Deno.writeTextFile(script.path(name), "x".repeat(numberOf(bytes))),
  },
  nul: {
    usage: "nul FILE",
    run: (script, [name = ""]) => Deno.writeTextFile(script.path(name), "\0", { append: true }),
  },
  wait: {
    usage: "wait FILE",
    run: async (script, [name = ""]) => {
      const deadline = performance.now() + 10_000;
      while (!await exists(script.path(name))) {
        if (performance.now() > deadline) throw new Error(`"${name}" not found after 10 s`);
        await new Promise((wake) => setTimeout(wake, 20));
      }
    },
  },
  symlink: {
    usage: "symlink TARGET LINK",
    run: (script, [target = "", link = ""]) => Deno.symlink(target, script.path(link)),
  },
};

async function existence(paths: readonly [string, string][]): Promise<Finding> {
  const found: string[] = [];
  for (const [name, path] of paths) {
    if (await exists(path)) found.push(name);
  }
  const holds = found.length === paths.length ? true : found.length === 0 ? false : undefined;
  return { holds, detail: `existing: ${found.join(" ") || "none"}` };
}

/** Whether the path exists. A dangling link counts. */
async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
