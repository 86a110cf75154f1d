import { readerLimit } from "../../limits.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { System } from "./paths.ts";

/** Milliseconds between two tries. */
const pause = 10;

/** Dependencies of {@link rename}, replaceable in tests. */
export interface RenameNeeds {
  readonly system: System;
  readonly clock: Clock;
  readonly rename: (from: string, to: string) => Promise<void>;
}

/**
 * Renames `from` to `to`, replacing `to`. Windows refuses that while another program, such as a virus scanner,
 * has `to` open. Most close it quickly, so it is retried for `readerLimit`.
 *
 * Throws the `Deno.errors` of the system; `Busy` if Windows still refuses after that.
 */
export async function rename(
  from: string,
  to: string,
  needs: RenameNeeds = { system: Deno.build.os, clock: systemClock(), rename: Deno.rename },
): Promise<void> {
  const { system, clock } = needs;
  const deadline = clock.now() + readerLimit;
  for (;;) {
    try {
      return await needs.rename(from, to);
    } catch (error) {
      if (system !== "windows" || !isRefusal(error)) throw error;
      if (clock.now() >= deadline) throw kept(to, error);
      await clock.sleep(pause);
    }
  }
}

/** `ERROR_ACCESS_DENIED`, and winerror.h's `ERROR_SHARING_VIOLATION` (32), `ERROR_LOCK_VIOLATION` (33). */
function isRefusal(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.Busy ||
    (error instanceof Error && /\(os error (32|33)\)/.test(error.message));
}

function kept(path: string, cause: unknown): Error {
  const why = `Windows refused to replace "${path}": another program has it open, ` +
    "or access to it is denied";
  return new Deno.errors.Busy(why, { cause });
}
