// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import settings from "../../../deno.json" with { type: "json" };
import { type Checksums, readChecksums } from "../checksums.ts";
import { withRepository } from "../repository.ts";
import { homebrewFormula } from "./homebrew.ts";
import { scoopManifest } from "./scoop.ts";
import { wingetManifests } from "./winget.ts";

const templates = new URL(".", import.meta.url);
const release = fileURLToPath(new URL("../../../release", import.meta.url));

/**
 * The files for the package managers, by path, made from the checksums of a release.
 *
 * @throws {Error} if an archive has no checksum.
 */
export function channelFiles(version: string, checksums: Checksums): Record<string, string> {
  const hash = (file: string): string => {
    const found = checksums.get(file);
    if (found === undefined) throw new Error(`The release has no checksum of "${file}"`);
    return found;
  };
  const winget = Object.entries(wingetManifests(version, hash));
  return {
    "homebrew/fob.rb": homebrewFormula(version, hash),
    "scoop/fob.json": scoopManifest(version, hash),
    ...Object.fromEntries(winget.map(([name, text]) => [`winget/${name}`, text])),
  };
}

/** The installers by file name. They are part of a release, and of its checksums. */
export async function installers(): Promise<Record<string, string>> {
  const files = ["install.sh", "install.ps1"].map(async (name) => {
    const text = await Deno.readTextFile(new URL(name, templates));
    return [name, withRepository(text)];
  });
  return Object.fromEntries(await Promise.all(files));
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const whole = `${folder}/${path}`;
    await Deno.mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(whole, text);
    console.log(whole.slice(release.length + 1));
  }
}

if (import.meta.main) {
  try {
    if (Deno.args[0] === "installers") await write(release, await installers());
    else {
      const checksums = readChecksums(await Deno.readTextFile(`${release}/SHA256SUMS`));
      await write(`${release}/channels`, channelFiles(settings.version, checksums));
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
