/** A system that fob is released for. */
export interface Target {
  /** The name for `deno compile --target`. */
  readonly triple: string;
  readonly os: "linux" | "macos" | "windows";
  readonly arch: "x86_64" | "aarch64";
}

/** All targets of Deno 2.9.6. */
export const targets: readonly Target[] = [
  { triple: "x86_64-unknown-linux-gnu", os: "linux", arch: "x86_64" },
  { triple: "aarch64-unknown-linux-gnu", os: "linux", arch: "aarch64" },
  { triple: "x86_64-apple-darwin", os: "macos", arch: "x86_64" },
  { triple: "aarch64-apple-darwin", os: "macos", arch: "aarch64" },
  { triple: "x86_64-pc-windows-msvc", os: "windows", arch: "x86_64" },
  { triple: "aarch64-pc-windows-msvc", os: "windows", arch: "aarch64" },
];

/** @throws {Error} for an unknown target. */
export function findTarget(triple: string): Target {
  const found = targets.find((target) => target.triple === triple);
  if (found !== undefined) return found;
  const valid = targets.map((target) => target.triple).join(", ");
  throw new Error(`Unknown target "${triple}" (valid: ${valid})`);
}

/** The file name of the binary. */
export function binaryName({ os }: Target): string {
  return os === "windows" ? "fob.exe" : "fob";
}

/** The path of the binary that `deno task compile --target` makes, relative to the root. */
export function binaryPath(target: Target): string {
  return `release/${target.triple}/${binaryName(target)}`;
}

/** The base name of the archive of `target`, and the name of the folder in it. */
export function releaseName(version: string, { triple }: Target): string {
  return `fob-${version}-${triple}`;
}

/** The file name of the archive of `target`. */
export function archiveName(version: string, target: Target): string {
  return `${releaseName(version, target)}.${target.os === "windows" ? "zip" : "tar.gz"}`;
}
