// deno-lint-ignore-file no-console
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

/** SHA-256 hashes in hexadecimal, by file name. */
export type Checksums = ReadonlyMap<string, string>;

/** Formats `checksums` like sha256sum(1), sorted by name. */
export function writeChecksums(checksums: Checksums): string {
  return [...checksums].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, hash]) => `${hash}  ${name}\n`).join("");
}

/** @throws {Error} for a line that is not in the format of sha256sum(1). */
export function readChecksums(text: string): Checksums {
  return new Map(
    text.split("\n").filter(Boolean).map((line) => {
      const [, hash, name] = /^([0-9a-f]{64}) [ *]([^/]+)$/.exec(line) ?? [];
      if (hash === undefined || name === undefined) {
        throw new Error(`Invalid checksum line: "${line}"`);
      }
      return [name, hash];
    }),
  );
}

/** Hashes the files of a release in `folder`, without subfolders and SHA256SUMS. */
export async function sumFiles(folder: string): Promise<Checksums> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const names = entries.filter(({ isFile, name }) => isFile && name !== "SHA256SUMS");
  if (names.length === 0) throw new Error(`No files in "${folder}"`);
  return new Map(
    await Promise.all(names.map(async ({ name }): Promise<[string, string]> => {
      const bytes = await Deno.readFile(`${folder}/${name}`);
      return [name, createHash("sha256").update(bytes).digest("hex")];
    })),
  );
}

if (import.meta.main) {
  const folder = fileURLToPath(new URL("../../release", import.meta.url));
  const text = writeChecksums(await sumFiles(folder));
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, text);
  console.log(text.trimEnd());
}
