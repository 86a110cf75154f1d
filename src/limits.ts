/**
 * How long fob waits for something and how far it trusts a clock, each with its reason. All are in milliseconds
 * unless the name says otherwise. A limit that several files need is here once; sizes and what a foreign
 * protocol or program prescribes stay where they are used.
 */

/** One minute. */
const minute = 60_000;

// Clocks

/**
 * How far this computer's clock may differ from a server's before it matters: a person is told only then, and a
 * token counts as over by both clocks only so long after its end. Five minutes is what Kerberos accepts by
 * default (RFC 4120 section 8.2).
 */
export const clockTolerance = 5 * minute;

/**
 * How far in the future this computer's own clock may have stamped a token. More means that the clock was set
 * back since: the token looks younger than it is, and is refreshed. The stamp is by the same clock, so that
 * only the small corrections of NTP have to fit.
 */
export const futureTolerance = minute;

/** How long a token must still live to be handed out, by default: long enough for the request that it is for. */
export const usualMargin = 5 * minute;

/** When Databricks' SDKs ask again for a token whose expiry is unknown; they reject one without an expiry. */
export const askAgainAfter = 60 * minute;

// Locks

/**
 * To wait for whoever uses a credential, such as another process that refreshes it: three requests at
 * {@link requestLimit}.
 */
export const credentialLockLimit = minute;

/** To wait for another writer of the same file, who needs a few milliseconds for each. */
export const fileLockLimit = 5_000;

/** To wait for another `fob connect`, which runs the tool's own commands under the lock of the ledger. */
export const ledgerLockLimit = 10_000;

/** To wait for a lock where the work can be left to the next run, or to whoever holds it. */
export const optionalLockLimit = 1_000;

/** To wait on Windows for a reader to close a file that is to be replaced, or for a look at a lock to end. */
export const readerLimit = 2_000;

/** Age at which a temporary file has no writer any more: one needs a few milliseconds. */
export const abandonedAfter = minute;

// Keychains

/** For one native call if nobody can be asked. */
export const unattendedLimit = 5_000;

/** For one native call if a person may be typing a password. */
export const attendedLimit = 2 * minute;

/** After this time a person is told what fob waits for. */
export const noticeAfter = 1_000;

// Servers and programs

/** For one request to an authorization server, with its whole answer. */
export const requestLimit = 20_000;

/** For one request about lists or tokens that a person waits for, where fob can do without the answer. */
export const inquiryLimit = 10_000;

/** For one request or server of a report, which goes on without it. */
export const reportLimit = 5_000;

/** For all tries of a request that may be sent twice. */
export const retryLimit = minute;

/** For all tries to get a token that a program waits for, pauses included. */
export const mintLimit = 30_000;

/** How long the end of a command may be held up by a server that is busy; signals wait as long. */
export const cleanupLimit = 10_000;

/** Pause between two tokens that are made because the last one was refused: a server may refuse all of them. */
export const refusedPause = 30_000;

/** For one command of another tool. */
export const toolLimit = minute;

/** For a program to print its version. */
export const versionLimit = 2_000;
