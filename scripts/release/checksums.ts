// deno-lint-ignore-file no-console
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

/** SHA-256 in hexadecimal, by file name. */
export type Checksums = ReadonlyMap<string, string>;

/** `checksums` as sha256sum(1) writes and checks them, sorted by name. */
export function writeChecksums(checksums: Checksums): string {
  return [...checksums].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, hash]) => `${hash}  ${name}\n`).join("");
}

/** @throws {Error} for a line that is not one of sha256sum(1)'s. */
export function readChecksums(text: string): Checksums {
  return new Map(
    text.split("\n").filter(Boolean).map((line) => {
      const [, hash, name] = /^([0-9a-f]{64}) [ *]([^/]+)$/.exec(line) ?? [];
      if (hash === undefined || name === undefined) throw new Error(`No checksum: "${line}"`);
      return [name, hash];
    }),
  );
}

/** The files of a release in `folder`: what is no folder, and not the sums themselves. */
export async function sumFiles(folder: string): Promise<Checksums> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const names = entries.filter(({ isFile, name }) => isFile && name !== "SHA256SUMS");
  if (names.length === 0) throw new Error(`There is no file in "${folder}"`);
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
