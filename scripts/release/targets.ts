/** A system that there is a binary for. */
export interface Target {
  /** As `deno compile` names it. */
  readonly triple: string;
  readonly os: "linux" | "macos" | "windows";
  readonly arch: "x86_64" | "aarch64";
}

/** All that Deno 2.9.6 compiles for. */
export const targets: readonly Target[] = [
  { triple: "x86_64-unknown-linux-gnu", os: "linux", arch: "x86_64" },
  { triple: "aarch64-unknown-linux-gnu", os: "linux", arch: "aarch64" },
  { triple: "x86_64-apple-darwin", os: "macos", arch: "x86_64" },
  { triple: "aarch64-apple-darwin", os: "macos", arch: "aarch64" },
  { triple: "x86_64-pc-windows-msvc", os: "windows", arch: "x86_64" },
  { triple: "aarch64-pc-windows-msvc", os: "windows", arch: "aarch64" },
];

/** @throws {Error} for a system that there is no binary for. */
export function findTarget(triple: string): Target {
  const found = targets.find((target) => target.triple === triple);
  if (found !== undefined) return found;
  const valid = targets.map((target) => target.triple).join(", ");
  throw new Error(`Unknown target "${triple}": valid are ${valid}`);
}

/** The name of the binary's file. */
export function binaryName({ os }: Target): string {
  return os === "windows" ? "fob.exe" : "fob";
}

/** Where `deno task compile --target` puts the binary, below the top of the tree. */
export function binaryPath(target: Target): string {
  return `release/${target.triple}/${binaryName(target)}`;
}

/** The name of the release of `target`, and of the folder in its archive. */
export function releaseName(version: string, { triple }: Target): string {
  return `fob-${version}-${triple}`;
}

/** The name of the archive of `target`. */
export function archiveName(version: string, target: Target): string {
  return `${releaseName(version, target)}.${target.os === "windows" ? "zip" : "tar.gz"}`;
}
