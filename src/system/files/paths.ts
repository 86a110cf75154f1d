/** A system with its rules for paths. */
export type System = typeof Deno.build.os;

/**
 * Whether `path` is absolute. On Windows it then has a drive and a root, or is a share: `\file` is relative to
 * the current drive.
 */
export function isAbsolute(path: string, system: System = Deno.build.os): boolean {
  if (system !== "windows") return path.startsWith("/");
  return /^(?:[a-z]:[\\/]|[\\/]{2}[^\\/]+[\\/]+[^\\/])/i.test(path);
}

/** The path of `name` in `directory`. */
export function join(directory: string, name: string, system: System = Deno.build.os): string {
  if (system !== "windows") return `${directory}/${name}`;
  return /[\\/]$/.test(directory) ? `${directory}${name}` : `${directory}\\${name}`;
}

/** The parent directory of `path`. */
export function directoryOf(path: string, system: System = Deno.build.os): string {
  const end = path.length - nameOf(path, system).length;
  if (end === 0) return ".";
  const directory = path.slice(0, end - 1);
  const isRoot = directory === "" ||
    (system === "windows" && /^[a-z]:[\\/]?$/i.test(path.slice(0, end)));
  return isRoot ? path.slice(0, end) : directory;
}

/** The last part of `path`. */
export function nameOf(path: string, system: System = Deno.build.os): string {
  return path.slice(path.search(system === "windows" ? /[^\\/:]*$/ : /[^/]*$/));
}

/** `path` with the separators of the system: on Windows `/` becomes `\`. */
export function nativePath(path: string, system: System = Deno.build.os): string {
  return system === "windows" ? path.replaceAll("/", "\\") : path;
}
