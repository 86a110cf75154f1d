import assert from "node:assert/strict";
import { Search } from "../canaries/search.ts";

/** Below a home: the folders that are fob's own. */
const own = [".config/fob", ".local/state/fob"];

/** In those: what stays for good. Everything else is gone once a command has run to its end. */
const lasting =
  /^(?:config\.ini(?:\.bak)?|credentials\.json(?:\.lock)?|locks\/[^/]+\.lock|keychain\/[^/.][^/]*|notes\/install-id)$/;

/** The paths of everything below `directory`, folders too. A folder that goes meanwhile is empty. */
async function pathsBelow(directory: string): Promise<string[]> {
  const entries = await unlessGone(Array.fromAsync(Deno.readDir(directory))) ?? [];
  const paths = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    return isDirectory ? [path, ...await pathsBelow(path)] : [path];
  }));
  return paths.flat().sort();
}

/** What is at `path`; a link counts as what it says, and a folder as nothing. */
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

/** The files below `directory`, with what they hold; a link counts as what it says. */
export async function textsBelow(directory: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of await pathsBelow(directory)) {
    const found = await unlessGone(Deno.lstat(path));
    if (found === undefined || found.isDirectory) continue;
    texts.set(path, new TextDecoder().decode(await bytesAt(path, found)));
  }
  return texts;
}

/** The text of a file; `undefined` where there is none. */
export async function textOf(path: string): Promise<string | undefined> {
  return await unlessGone(Deno.readTextFile(path));
}

/**
 * Asserts that no file below the home `directory` holds one of `secrets`, however it is written, but those
 * of `may`, which others cannot read.
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
    assert.ok(may?.test(path) === true, `there is a secret in ${path}, ${sighting.encoding}`);
    assert.equal((found.mode ?? 0) & 0o077, 0, `others can read the secret in ${path}`);
  }
}

/**
 * Asserts that others can look at nothing that is fob's own below the home `directory`. To be called first:
 * who opens the plaintext store tightens what is too wide.
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

/** The plaintext file, and what its writer has beside it. */
export const plaintextFile = /\/fob\/\.?credentials\.json(\.fob-\w+)?$/;

/** Asserts that of fob's own there is only what stays for good: nothing that a killed command was writing. */
export async function assertNothingLeft(directory: string): Promise<void> {
  const names: string[] = [];
  for (const folder of own.map((it) => `${directory}/${it}`)) {
    for (const path of (await textsBelow(folder)).keys()) names.push(path.slice(folder.length + 1));
  }
  assert.deepEqual(names.filter((name) => !lasting.test(name)), [], "left behind");
}

/** Lets an hour go by for what killed writers have left below `directory`: what may be being written is nobody's to remove. */
export async function letAnHourPass(directory: string): Promise<void> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const path of await pathsBelow(directory)) {
    if (/\.fob-[\da-z]+$/.test(path)) await Deno.utime(path, hourAgo, hourAgo);
  }
}
