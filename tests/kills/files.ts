import assert from "node:assert/strict";
import { Search } from "../canaries/search.ts";

/** fob's own folders, relative to the home. */
const own = [".config/fob", ".local/state/fob"];

/** Files in these folders that remain. All other files must be gone when a command has completed. */
const lasting =
  /^(?:config\.ini(?:\.bak)?|credentials\.json(?:\.lock)?|locks\/[^/]+\.lock|keychain\/[^/.][^/]*|notes\/install-id)$/;

/** The paths of all files and folders below `directory`. A folder that is removed meanwhile counts as empty. */
async function pathsBelow(directory: string): Promise<string[]> {
  const entries = await unlessGone(Array.fromAsync(Deno.readDir(directory))) ?? [];
  const paths = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    return isDirectory ? [path, ...await pathsBelow(path)] : [path];
  }));
  return paths.flat().sort();
}

/** The content at `path`: the target of a link, and nothing for a folder. */
async function bytesAt(
  path: string,
  { isSymlink, isDirectory }: Deno.FileInfo,
): Promise<Uint8Array> {
  if (isDirectory) return new Uint8Array();
  return isSymlink
    ? new TextEncoder().encode(await Deno.readLink(path))
    : await Deno.readFile(path);
}

async function unlessGone<T>(look: Promise<T>): Promise<T | undefined> {
  return await look.catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}

/** The files below `directory` with their content. The content of a link is its target. */
export async function textsBelow(directory: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of await pathsBelow(directory)) {
    const found = await unlessGone(Deno.lstat(path));
    if (found === undefined || found.isDirectory) continue;
    texts.set(path, new TextDecoder().decode(await bytesAt(path, found)));
  }
  return texts;
}

/** The text of a file; `undefined` if it does not exist. */
export async function textOf(path: string): Promise<string | undefined> {
  return await unlessGone(Deno.readTextFile(path));
}

/**
 * Asserts that no file below the home `directory` contains one of `secrets` in any encoding, except
 * files that match `may`, which other users must not be able to read.
 */
export async function assertSecretsOnlyIn(
  may: RegExp | undefined,
  directory: string,
  secrets: readonly string[],
): Promise<void> {
  const search = new Search(secrets);
  for (const path of await pathsBelow(directory)) {
    const found = await unlessGone(Deno.lstat(path));
    if (found === undefined) continue;
    const sighting = search.find(await unlessGone(bytesAt(path, found)) ?? new Uint8Array());
    if (sighting === undefined) continue;
    assert.ok(may?.test(path) === true, `a secret is in ${path}, ${sighting.encoding}`);
    assert.equal((found.mode ?? 0) & 0o077, 0, `other users can read the secret in ${path}`);
  }
}

/**
 * Asserts that other users cannot read fob's own files below the home `directory`. Call this first:
 * opening the plaintext store tightens modes that are too wide.
 */
export async function assertPrivate(directory: string): Promise<void> {
  for (const folder of own.map((it) => `${directory}/${it}`)) {
    for (const path of [folder, ...await pathsBelow(folder)]) {
      const found = await unlessGone(Deno.lstat(path));
      if (found === undefined) continue;
      const mode = ((found.mode ?? 0) & 0o777).toString(8);
      assert.equal(mode, found.isDirectory ? "700" : "600", `the mode of ${path}`);
    }
  }
}

/** The plaintext file, and the temporary files of its writer. */
export const plaintextFile = /\/fob\/\.?credentials\.json(\.fob-\w+)?$/;

/** Asserts that fob's own folders have no leftover files of a killed command. */
export async function assertNothingLeft(directory: string): Promise<void> {
  const names: string[] = [];
  for (const folder of own.map((it) => `${directory}/${it}`)) {
    for (const path of (await textsBelow(folder)).keys()) names.push(path.slice(folder.length + 1));
  }
  assert.deepEqual(names.filter((name) => !lasting.test(name)), [], "left behind");
}

/**
 * Sets the time of temporary files below `directory` to an hour ago. fob does not remove newer ones,
 * because a writer may still use them.
 */
export async function letAnHourPass(directory: string): Promise<void> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const path of await pathsBelow(directory)) {
    if (/\.fob-[\da-z]+$/.test(path)) await Deno.utime(path, hourAgo, hourAgo);
  }
}
