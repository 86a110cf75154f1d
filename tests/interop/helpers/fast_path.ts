import type { LoginHome } from "../login/login_home.ts";
import type { Call } from "../login/strace.ts";

/** Whether a binary is tested. It embeds its chunks. */
export const isBinary = (Deno.env.get("FOB_BIN") ?? "") !== "";

/** The arguments to get a token. */
export const authToken = ["auth", "token"];

const bundle = new URL("../../../dist/", import.meta.url);

/** Makes Deno log the internal modules that it loads. */
export const logging = { DENO_LOG_LAZY_LOAD: "1" };

export function nodeLinesIn(output: string): string[] {
  return output.split("\n").filter((line) => line.includes("deno_node"));
}

export function mentions(calls: readonly Call[], text: string): Call[] {
  return calls.filter(({ line }) => line.includes(text));
}

export function sockets(calls: readonly Call[]): Call[] {
  return calls.filter(({ name }) => name === "socket" || name === "connect" || name === "bind");
}

/** The network calls without the session bus. With a plaintext file there is no bus, and all sockets count. */
export function socketsBeyondBus(calls: readonly Call[], { environment }: LoginHome): Call[] {
  const bus = environment["DBUS_SESSION_BUS_ADDRESS"]?.replace("unix:path=", "");
  if (bus === undefined) return sockets(calls);
  return sockets(calls).filter(({ name, line }) =>
    name === "socket" ? !line.includes("AF_UNIX") : !line.includes(`sun_path="${bus}"`)
  );
}

export function locks(calls: readonly Call[], home: LoginHome): Call[] {
  return inHome(calls, home).filter(({ name, line }) =>
    name === "flock" || /F_\w*SETLK/.test(line)
  );
}

/** Calls that write, create, move or remove files, or open them for writing. */
export function changes(calls: readonly Call[], home: LoginHome): Call[] {
  const changing =
    /^(unlink|rename|mkdir|rmdir|link|symlink|mknod|chmod|chown|utime|trunc)|^f(chmod|chown|truncate)/;
  return inHome(calls, home).filter(({ name, line }) =>
    changing.test(name) || /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(line)
  );
}

function inHome(calls: readonly Call[], { directory, environment }: LoginHome): Call[] {
  const places = [directory, environment["XDG_RUNTIME_DIR"] ?? directory];
  return calls.filter(({ line }) => places.some((place) => line.includes(place)));
}

/**
 * The files of the bundle that were executed, sorted; by default of `fob auth token`. Uses V8's
 * coverage, because Deno opens every file of a bundle to find its imports. A binary has done that when
 * it was compiled.
 */
export async function chunksRun(
  home: LoginHome,
  variables = {},
  words: readonly string[] = authToken,
  wrapper: readonly string[] = [],
  stdin?: string,
): Promise<string[]> {
  const directory = await Deno.makeTempDir({ prefix: "fob-coverage-" });
  try {
    await home.run(words, { ...variables, DENO_COVERAGE_DIR: directory }, wrapper, stdin);
    const reports = await Array.fromAsync(Deno.readDir(directory), async ({ name }) => {
      return JSON.parse(await Deno.readTextFile(`${directory}/${name}`)) as { url: string };
    });
    return reports.map(({ url }) => url.replace(bundle.href, "")).sort();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/**
 * The chunks with these names and their static imports, sorted. If chunks share a name, `NAME WORD` selects the chunk
 * that contains the word.
 *
 * @throws {Error} for an unknown name.
 */
export async function chunksOf(names: readonly string[]): Promise<string[]> {
  const files = (await Array.fromAsync(Deno.readDir(bundle))).map(({ name }) => name);
  const found = new Set<string>();
  const open = (await Promise.all(names.map((it) => chunksNamed(it, files)))).flat();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = await Deno.readTextFile(new URL(file, bundle));
    for (const [, next = ""] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) open.push(next);
  }
  return [...found].sort();
}

async function chunksNamed(asked: string, files: readonly string[]): Promise<string[]> {
  const [name = "", word = ""] = asked.split(" ");
  const named = files.filter((file) => file === `${name}.js` || file.startsWith(`${name}-`));
  const texts = await Promise.all(named.map((it) => Deno.readTextFile(new URL(it, bundle))));
  const found = named.filter((_, at) => texts[at]?.includes(word));
  if (found.length === 0) throw new Error(`No chunk named "${asked}"`);
  return found;
}

/** Whether any of `chunks` contains the OAuth client, which has the name of the metadata path in it. */
export async function speakOAuth(chunks: readonly string[]): Promise<boolean> {
  const texts = chunks.map((name) => Deno.readTextFile(new URL(name, bundle)));
  return (await Promise.all(texts)).some((text) => text.includes("code_verifier"));
}
