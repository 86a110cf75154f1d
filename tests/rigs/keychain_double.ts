import { type FrameworkPaths, frameworks } from "../../ffi/frameworks.ts";

const sources = new URL("keychain_double/", import.meta.url);
const cache = new URL("../../.cache/keychain_double/", import.meta.url);

/** The source files of each framework of the double. */
const parts: Readonly<Record<keyof FrameworkPaths, readonly string[]>> = {
  coreFoundation: ["core_foundation.c"],
  security: ["security.c", "query.c", "keychain_file.c", "fault.c"],
};

const flags = "-std=gnu17 -Wall -Wextra -Werror -O1 -fPIC -shared -fvisibility=hidden".split(" ");

/** fob's paths of the frameworks, below another root. */
export function frameworksUnder(root: string): FrameworkPaths {
  const { coreFoundation, security } = frameworks;
  return { coreFoundation: root + coreFoundation, security: root + security };
}

/**
 * The root of the double's frameworks. Builds them if their sources have changed, with the macros
 * `defined`. `WITHOUT_DEPRECATED` leaves out deprecated functions.
 */
export async function buildKeychainDouble(...defined: string[]): Promise<string> {
  const options = [...flags, ...defined.map((macro) => `-D${macro}`)];
  const root = new URL(await digestOf(sources, options), cache).pathname;
  if (await Deno.stat(root).then(() => true, () => false)) return root;
  const fresh = await makeRoot();
  const paths = frameworksUnder(fresh);
  await compile(paths.coreFoundation, parts.coreFoundation, options);
  await compile(paths.security, [...parts.security, paths.coreFoundation], [
    ...options,
    "-Wl,-rpath,$ORIGIN/../CoreFoundation.framework",
  ]);
  // Another process may have built the same double in the meantime.
  await Deno.rename(fresh, root).catch(() => Deno.remove(fresh, { recursive: true }));
  return root;
}

async function makeRoot(): Promise<string> {
  await Deno.mkdir(cache, { recursive: true });
  const root = await Deno.makeTempDir({ dir: cache.pathname, prefix: "new-" });
  for (const path of Object.values(frameworksUnder(root))) {
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  }
  return root;
}

async function compile(
  output: string,
  files: readonly string[],
  options: readonly string[],
): Promise<void> {
  const { success, stderr } = await new Deno.Command("gcc", {
    args: [...options, `-Wl,-soname,${output.slice(output.lastIndexOf("/") + 1)}`, "-o", output]
      .concat(files, "-lpthread"),
    cwd: sources,
  }).output();
  if (!success) throw new Error(`gcc: ${new TextDecoder().decode(stderr)}`);
}

async function digestOf(folder: URL, options: readonly string[]): Promise<string> {
  const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(new URL(name, folder))));
  const all = new TextEncoder().encode([...options, ...names, ...texts].join("\0"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all)).toHex().slice(0, 16);
}
