/**
 * Time limits and clock tolerances, with their reasons. All are in milliseconds unless the name says otherwise.
 * Sizes, and values that a protocol or another program prescribes, are defined where they are used.
 */

/** One minute. */
const minute = 60_000;

// Clocks

/**
 * Accepted difference between this computer's clock and a server's. A larger one is reported. A token counts as
 * expired by both clocks only this long after its expiry. Five minutes is the default of Kerberos (RFC 4120
 * section 8.2).
 */
export const clockTolerance = 5 * minute;

/**
 * How far in the future the time stamp of a stored token may be. If it is further, the clock was set back since:
 * the token's age is unknown, and it is refreshed. The stamp is from the same clock, so only small corrections
 * by NTP must be tolerated.
 */
export const futureTolerance = minute;

/** Default minimum lifetime of a token that is returned: long enough for the request that it is for. */
export const usualMargin = 5 * minute;

/** Lifetime reported to Databricks' SDKs for a token of unknown expiry; they reject one without an expiry. */
export const askAgainAfter = 60 * minute;

// Locks

/**
 * Waiting for the lock of a credential, for example while another process refreshes it: three requests of
 * {@link requestLimit}.
 */
export const credentialLockLimit = minute;

/** Waiting for other writers of the same file. Each needs a few milliseconds. */
export const fileLockLimit = 5_000;

/** Waiting for another `fob connect`, which runs commands of the tool under the lock of the ledger. */
export const ledgerLockLimit = 10_000;

/** Waiting for a lock if the work can be left to the holder or to the next run. */
export const optionalLockLimit = 1_000;

/** Waiting on Windows until a reader closes a file that fob replaces, or until a check of a lock ends. */
export const readerLimit = 2_000;

/** Age from which a temporary file counts as abandoned. A write takes a few milliseconds. */
export const abandonedAfter = minute;

// Keychains

/** One native call without prompts. */
export const unattendedLimit = 5_000;

/** One native call that may show a password prompt. */
export const attendedLimit = 2 * minute;

/** Time after which a notice says what fob waits for. */
export const noticeAfter = 1_000;

// Servers and programs

/** One request to an authorization server, including the response body. */
export const requestLimit = 20_000;

/** One optional request for lists or tokens while the user waits. */
export const inquiryLimit = 10_000;

/** One request or server of a report, which continues without it. */
export const reportLimit = 5_000;

/** All tries of a request that may be repeated. */
export const retryLimit = minute;

/** All tries, including pauses, to get a token that a program waits for. */
export const mintLimit = 30_000;

/** Cleanup at a server when a command ends, also after a signal. */
export const cleanupLimit = 10_000;

/** Minimum time between two tokens if the server rejected the last one: it may reject all of them. */
export const refusedPause = 30_000;

/** One command of another tool. */
export const toolLimit = minute;

/** One call of a program to print its version. */
export const versionLimit = 2_000;
