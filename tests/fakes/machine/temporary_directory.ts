/** A directory that is gone, with all that is in it, when the test ends. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Makes one, 0700. */
export async function makeTemporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await Deno.makeTempDir({ prefix: "fob-test-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** The names of what is in the directory at `path`, in order. */
export async function namesIn(path: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).sort();
}

/** The permissions of the file that `path` leads to. */
export async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}
