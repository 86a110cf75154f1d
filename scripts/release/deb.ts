import { gzipSync } from "node:zlib";
import type { Entry } from "./archive.ts";
import { releaseTime } from "./release_time.ts";
import { homepage, owner } from "./repository.ts";
import type { Target } from "./targets.ts";

/** Debian's names for processor architectures. */
const architectures = { x86_64: "amd64", aarch64: "arm64" } as const;

/** The name of the Debian package of `target`. */
export function debName(version: string, { arch }: Target): string {
  return `fob_${version}_${architectures[arch]}.deb`;
}

/**
 * Makes the Debian package from the entries of an archive, with `dpkg-deb`. The same entries give the
 * same package. Resolves to the path of the package in `folder`.
 */
export async function makeDeb(
  version: string,
  target: Target,
  entries: readonly Entry[],
  folder: string,
): Promise<string> {
  const tree = await Deno.makeTempDir({ prefix: "fob-deb-" });
  try {
    // The packaged files must be readable by all users.
    await Deno.chmod(tree, 0o755);
    const files = [...entries.flatMap(placed), changelog(version)];
    for (const entry of [...files, control(version, target, files)]) await write(tree, entry);
    const path = `${folder}/${debName(version, target)}`;
    const { success, stderr } = await new Deno.Command("dpkg-deb", {
      args: ["--root-owner-group", "-Zxz", "--build", tree, path],
      env: { SOURCE_DATE_EPOCH: `${releaseTime()}` },
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`dpkg-deb failed: ${new TextDecoder().decode(stderr)}`);
    return path;
  } finally {
    await Deno.remove(tree, { recursive: true });
  }
}

/**
 * The place of an archive entry in the Debian package. The README and the PowerShell completions are
 * left out.
 */
function placed({ path, bytes, isProgram }: Entry): Entry[] {
  const share = "usr/share";
  const [folder, name = ""] = path.includes("/") ? path.split("/") : ["", path];
  if (isProgram) return [{ path: "usr/bin/fob", bytes, isProgram }];
  if (folder === "man") return [{ path: `${share}/man/man1/${name}.gz`, bytes: gzip(bytes) }];
  const places: Readonly<Record<string, string>> = {
    "fob.bash": `${share}/bash-completion/completions/fob`,
    "_fob": `${share}/zsh/vendor-completions/_fob`,
    "fob.fish": `${share}/fish/vendor_completions.d/fob.fish`,
    "LICENSE": `${share}/doc/fob/copyright`,
    "THIRD_PARTY": `${share}/doc/fob/THIRD_PARTY`,
  };
  const place = places[name];
  return place === undefined ? [] : [{ path: place, bytes }];
}

/** A Debian changelog with one entry: deb-changelog(5). */
function changelog(version: string): Entry {
  const day = new Date(releaseTime() * 1000).toUTCString().replace("GMT", "+0000");
  const text = `fob (${version}) stable; urgency=medium\n\n  * See ${homepage()}/releases.\n\n` +
    ` -- ${maintainer()}  ${day}\n`;
  return { path: "usr/share/doc/fob/changelog.gz", bytes: gzip(new TextEncoder().encode(text)) };
}

/** The control file: deb-control(5). It depends on the libraries that Deno's runtime is linked to. */
function control(version: string, { arch }: Target, files: readonly Entry[]): Entry {
  const kibibytes = files.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / 1024), 0);
  const text = `Package: fob
Version: ${version}
Architecture: ${architectures[arch]}
Maintainer: ${maintainer()}
Installed-Size: ${kibibytes}
Depends: libc6 (>= 2.27), libgcc-s1
Recommends: libsecret-1-0, gnome-keyring | kwalletmanager | keepassxc
Section: utils
Priority: optional
Homepage: ${homepage()}
Description: keep API credentials in the keychain and get fresh tokens
 fob signs in to an API platform once, keeps the credential in the system's
 keychain, and gives a fresh token to every program that asks: SDKs,
 coding agents, scripts and CI jobs.
`;
  return { path: "DEBIAN/control", bytes: new TextEncoder().encode(text) };
}

function maintainer(): string {
  return `${owner()} <${owner()}@users.noreply.github.com>`;
}

function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes, { level: 9 }));
}

/** Writes an entry that all users can read, independent of the umask. */
async function write(tree: string, { path, bytes, isProgram }: Entry): Promise<void> {
  let folder = tree;
  for (const name of path.split("/").slice(0, -1)) {
    folder += `/${name}`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.chmod(folder, 0o755);
  }
  await Deno.writeFile(`${tree}/${path}`, bytes);
  await Deno.chmod(`${tree}/${path}`, isProgram ? 0o755 : 0o644);
}
