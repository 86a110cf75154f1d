import { FobError } from "../errors.ts";
import { optionalLockLimit } from "../limits.ts";
import { replaceUnprintable } from "../text/printable.ts";
import type { Locks } from "./files/locks.ts";
import { join } from "./files/paths.ts";
import { absent, ensurePrivateDirectory } from "./files/private_directory.ts";
import { rename } from "./files/rename.ts";

/** An event in the log. It contains no secret and no part of one. */
export interface AuditEntry {
  /** The command, or the tool's protocol and its request. */
  readonly protocol: string;
  /** Absent for a token from the environment, or if no profile was selected. */
  readonly profile?: string;
  /** `none`: no credential was found. */
  readonly outcome: "answered" | "none" | "failed";
  /** The error code, if it failed. */
  readonly code?: string;
}

/** The time and the process of an event. */
export interface AuditContext {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly pid: number;
  /** The name of the parent process, if the system tells it. */
  readonly parent?: string;
}

/** Dependencies of {@link appendAudit}. */
export interface AuditNeeds {
  /** The directory of the log. */
  readonly directory: string;
  readonly locks: Locks;
  readonly notice: (text: string) => void;
}

/** The size in bytes at which a log is rotated, and the number of rotated logs that are kept. */
export interface AuditLimits {
  readonly size: number;
  readonly kept: number;
}

/** One log has a few thousand entries; all logs together at most 5 MiB. */
const usual: AuditLimits = { size: 1024 * 1024, kept: 4 };

/** Maximum length of a name in characters. */
const longest = 200;

/** The path of the log. Rotated logs have the suffix `.1` (the newest), `.2` and so on. */
export function auditPath(directory: string): string {
  return join(directory, "audit.log");
}

/**
 * Appends a line to the log in one write, so that lines of concurrent processes do not mix. The log has mode
 * 0600; a wider mode is changed, with a notice.
 *
 * @throws {FobError} `io_failed` if the directory or the log is a link or belongs to another user. Other errors
 * of the system are thrown as `Deno.errors`.
 */
export async function appendAudit(
  entry: AuditEntry,
  context: AuditContext,
  needs: AuditNeeds,
  limits: AuditLimits = usual,
): Promise<void> {
  const { directory, notice } = needs;
  await ensurePrivateDirectory(directory, notice);
  const path = auditPath(directory);
  await assertPlain(path, notice);
  const size = await appendLine(path, formatAudit(entry, context));
  if (size >= limits.size) await rotate(path, needs, limits);
}

/** Returns the size of the log after the write. */
async function appendLine(path: string, line: string): Promise<number> {
  using file = await Deno.open(path, { append: true, create: true, mode: 0o600 });
  const bytes = new TextEncoder().encode(line);
  const written = await file.write(bytes);
  if (written < bytes.length) {
    // The next entry must start on a new line.
    await file.write(new TextEncoder().encode("\n"));
    throw new FobError("io_failed", `Wrote only part of a line to "${path}"`);
  }
  return (await file.stat()).size;
}

/** Rotates the logs. A process that has the log open continues to write to the rotated one, so nothing is lost. */
async function rotate(path: string, { locks }: AuditNeeds, limits: AuditLimits): Promise<void> {
  try {
    using _lock = await locks.take("audit", optionalLockLimit);
    const { size = 0 } = await Deno.stat(path).catch(absent) ?? {};
    if (size < limits.size) return;
    for (let number = limits.kept - 1; number > 0; number--) {
      await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(absent);
    }
    await rename(path, `${path}.1`);
  } catch (error) {
    if (!(error instanceof FobError && error.code === "lock_timeout")) throw error;
  }
}

async function assertPlain(path: string, notice: (text: string) => void): Promise<void> {
  const entry = await Deno.lstat(path).catch(absent);
  if (entry === undefined) return;
  if (!entry.isFile) {
    throw new FobError("io_failed", `Refusing to use "${path}": it is not a regular file`);
  }
  const user = Deno.uid();
  if (user !== null && entry.uid !== null && entry.uid !== user) {
    throw new FobError("io_failed", `Refusing to use "${path}": it belongs to another user`);
  }
  if (Deno.build.os === "windows" || ((entry.mode ?? 0) & 0o077) === 0) return;
  await Deno.chmod(path, 0o600);
  notice(`Changed the mode of "${path}" to 0600: other users could read it`);
}

/** One line of JSON. Control characters and Unicode line separators are escaped. */
export function formatAudit(entry: AuditEntry, { time, pid, parent }: AuditContext): string {
  const { protocol, profile, outcome, code } = entry;
  const line = JSON.stringify({
    time: new Date(time).toISOString(),
    pid,
    parent: parent?.slice(0, longest),
    profile: profile?.slice(0, longest),
    protocol,
    outcome,
    code,
  });
  return replaceUnprintable(line, escaped) + "\n";
}

function escaped(character: string): string {
  const units = character.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  return units.map((unit) => `\\u${unit}`).join("");
}
