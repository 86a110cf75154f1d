import { FobError } from "../errors.ts";
import { optionalLockLimit } from "../limits.ts";
import { replaceUnprintable } from "../text/printable.ts";
import type { Locks } from "./files/locks.ts";
import { join } from "./files/paths.ts";
import { absent, ensurePrivateDirectory } from "./files/private_directory.ts";
import { rename } from "./files/rename.ts";

/** What happened to a credential. Never a secret, nor a part of one. */
export interface AuditEntry {
  /** How it was asked for: a command, or a tool's protocol and what it asked. */
  readonly protocol: string;
  /** Absent for what is in the environment, or was never chosen. */
  readonly profile?: string;
  /** `none`: there is nothing for what was asked. */
  readonly outcome: "answered" | "none" | "failed";
  /** Of the error. */
  readonly code?: string;
}

/** Who asked, and when. */
export interface AuditContext {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly pid: number;
  /** The name of the program that started this one, where the system tells. */
  readonly parent?: string;
}

/** What appending to the log needs. */
export interface AuditNeeds {
  /** The directory that the log is in. */
  readonly directory: string;
  readonly locks: Locks;
  readonly notice: (text: string) => void;
}

/** How large a log gets, in bytes, before it is put aside, and how many of those are kept. */
export interface AuditLimits {
  readonly size: number;
  readonly kept: number;
}

/** A log is a few thousand answers; with those that are kept, five megabytes. */
const usual: AuditLimits = { size: 1024 * 1024, kept: 4 };

/** Characters of a name. */
const longest = 200;

/** Where the log is; those that were put aside have `.1`, the newest, and so on behind it. */
export function auditPath(directory: string): string {
  return join(directory, "audit.log");
}

/**
 * Appends a line to the log, which is 0600, in one write, so that lines of many processes at once stay whole. A
 * log that others can read is made 0600, with a notice.
 *
 * @throws {FobError} `io_failed` where the directory or the log is a link, or another user's; the `Deno.errors`
 * of what the system refuses.
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
  if (size >= limits.size) await putAside(path, needs, limits);
}

/** The size of the log behind the line. */
async function appendLine(path: string, line: string): Promise<number> {
  using file = await Deno.open(path, { append: true, create: true, mode: 0o600 });
  const bytes = new TextEncoder().encode(line);
  const written = await file.write(bytes);
  if (written < bytes.length) {
    // What was cut off must not swallow the next line.
    await file.write(new TextEncoder().encode("\n"));
    throw new FobError("io_failed", `Wrote only part of a line to "${path}"`);
  }
  return (await file.stat()).size;
}

/** Whoever has the log open writes on into the one that is put aside: nothing is lost by it. */
async function putAside(path: string, { locks }: AuditNeeds, limits: AuditLimits): Promise<void> {
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

/** One line of JSON, with nothing in it that moves a terminal's cursor or that a reader takes for a line's end. */
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
