import assert from "node:assert/strict";

/** The files below `directory`, with what they hold; a link counts as what it says. */
export async function textsBelow(directory: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory) { for (const it of await textsBelow(path)) texts.set(...it); }
    else texts.set(path, isSymlink ? await Deno.readLink(path) : await Deno.readTextFile(path));
  }
  return texts;
}

/** The text of a file; `undefined` where there is none. */
export async function textOf(path: string): Promise<string | undefined> {
  return await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}

/** Asserts that no file below `directory` holds one of `secrets`, but those of `may`, which others cannot read. */
export async function assertSecretsOnlyIn(
  may: RegExp | undefined,
  directory: string,
  secrets: readonly string[],
): Promise<void> {
  for (const [path, text] of await textsBelow(directory)) {
    if (!secrets.some((secret) => text.includes(secret))) continue;
    assert.ok(may?.test(path) === true, `there is a secret in ${path}`);
    const { mode } = await Deno.lstat(path);
    assert.equal((mode ?? 0) & 0o077, 0, `others can read the secret in ${path}`);
  }
}

/** The plaintext file, and what its writer has beside it. */
export const plaintextFile = /\/fob\/\.?credentials\.json(\.fob-\w+)?$/;

/** Lets an hour go by for what killed writers have left below `directory`: what may be being written is nobody's to remove. */
export async function letAnHourPass(directory: string): Promise<void> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const path of (await textsBelow(directory)).keys()) {
    if (/\.fob-[\da-f]+$/.test(path)) await Deno.utime(path, hourAgo, hourAgo);
  }
}
