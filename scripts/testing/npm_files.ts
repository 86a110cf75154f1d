import { createHash } from "node:crypto";

/** A file of an npm package that a rig needs and no Debian package provides. */
export interface NpmFile {
  readonly package: string;
  readonly version: string;
  /** The Subresource Integrity string (SHA-512) of the package, from the registry. */
  readonly integrity: string;
  /** The file's path in the package. */
  readonly path: string;
}

/** The Windows build of Deno. 2.9.5 is the newest that the registry has for Windows. */
export const windowsDeno: NpmFile = {
  package: "@deno/win32-x64",
  version: "2.9.5",
  integrity:
    "sha512-LkcERsH0olOgevg9L9eootSr1U8ydyfnX1bS3mFqU+lGBeTYtlec5b/QF473WUOGVgPlWECrkxi4As5kEaFOzg==",
  path: "deno.exe",
};

/** The cache of downloads and builds of the rigs, shared by all clones of the repository. */
export function rigsCache(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "/tmp"}/.cache`;
  return `${cache}/fob-rigs`;
}

/** The path of `file`, downloaded by {@link fetchNpmFile}. */
export function npmFilePath({ package: name, version, path }: NpmFile): string {
  return `${rigsCache()}/${name.replace(/^@/, "").replace("/", "-")}-${version}/${path}`;
}

/**
 * Downloads `file` with npm into {@link rigsCache}.
 *
 * @throws {Error} if npm fails, or if the package does not match `integrity`.
 */
export async function fetchNpmFile(file: NpmFile): Promise<void> {
  await Deno.mkdir(rigsCache(), { recursive: true });
  const directory = await Deno.makeTempDir({ dir: rigsCache(), prefix: "fetch-" });
  try {
    const spec = `${file.package}@${file.version}`;
    const packed = await run(
      "npm",
      "pack",
      "--loglevel=error",
      `--pack-destination=${directory}`,
      spec,
    );
    const archive = `${directory}/${new TextDecoder().decode(packed).trim()}`;
    const hash = createHash("sha512").update(await Deno.readFile(archive)).digest("base64");
    if (`sha512-${hash}` !== file.integrity) {
      throw new Error(`Integrity mismatch of ${spec}: sha512-${hash}`);
    }
    await Deno.mkdir(`${directory}/out`);
    await run("tar", "-xzf", archive, "-C", `${directory}/out`, "--strip-components=1");
    const target = npmFilePath(file).slice(0, -file.path.length - 1);
    // Another process may have downloaded the same file in the meantime.
    await Deno.rename(`${directory}/out`, target).catch(() => Deno.stat(`${target}/${file.path}`));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function run(command: string, ...args: string[]): Promise<Uint8Array> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" })
    .output();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}
