import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { printable } from "../text/printable.ts";
import { isPlain } from "./plain_text.ts";
import { isFor, type Target } from "./target.ts";

/**
 * A credential-helper protocol: parses the call of a tool into a {@link Request}, and formats the {@link Reply}.
 * Finding, refreshing and storing the credential is the same for all protocols.
 */
export interface Protocol {
  /** The environment variables that it reads. */
  readonly variables?: readonly string[];
  /** If present, fob prints it first, then each line of stdin is a call; the exit code is 0. */
  readonly greeting?: string;
  /** Whether a request names a user; otherwise a tool has one credential per target. */
  readonly namesUsers?: boolean;
  /** The program that it replaces on `PATH`. A request with kind `pass`, or without a credential, goes to it. */
  readonly replaces?: string;
  /**
   * Whether a repeated request means that the server rejected the last token, which then needs a refresh. For
   * tools that have no other way to report it.
   */
  readonly isRetry?: (last: HandedOutToken, now: HandedOutToken) => boolean;
  /** Whether the call has input on stdin. Otherwise stdin may be a terminal. */
  readonly readsInput: (argv: readonly string[]) => boolean;
  /** @throws {FobError} `usage` for an invalid or unsupported call. The caller passes it to `fail`. */
  readonly parse: (call: Call) => Request;
  /** The reply for an error. `message` may be any text. */
  readonly fail: (message: string) => Reply;
}

/** A token that fob handed out, or is about to. */
export interface HandedOutToken {
  /** The process ID of fob's parent. */
  readonly callerPid: number;
  /** Identifies the token, such as a digest. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The call of a tool. */
export interface Call {
  /** The arguments after the protocol's name, without fob's own options. */
  readonly argv: readonly string[];
  /** The text of stdin, or one line of it; empty if it is not read. Invalid bytes are U+FFFD. */
  readonly input: string;
  /** The values of the protocol's `variables`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The output for a tool. */
export interface Reply {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The request of a tool. `pass`: fob runs the program that it replaces with the same arguments. */
export type Request =
  | GetRequest
  | StoreRequest
  | RejectRequest
  | ForgetRequest
  | ListRequest
  | { readonly kind: "pass" }
  | { readonly kind: "done"; readonly done: Reply };

/** The credential that a tool requests. */
export interface CredentialQuery {
  /** Absent if the tool does not send one; then the profile must be named on the command line. */
  readonly target?: Target;
  /** The user of the credential; absent for any user. */
  readonly username?: string;
  /** Whether the server rejected the current token, so that it needs a refresh. */
  readonly isRefused?: boolean;
  /** Whether only a credential that the tool stored for exactly this path can be used. */
  readonly isStoredOnly?: boolean;
  /** fob's options in the tool's configuration, if the tool does not pass them as arguments. */
  readonly options?: readonly string[];
}

/** The tool requests a credential. */
export interface GetRequest extends CredentialQuery {
  readonly kind: "get";
  /** @throws {FobError} if `answer` is for another target or user, or contains invalid characters. */
  readonly reply: (answer: Answer) => Reply;
  /** The reply if no credential exists. */
  readonly miss: Reply;
}

/** The tool stores a credential. Git also sends back what it just got from fob. */
export interface StoreRequest {
  readonly kind: "store";
  readonly target: Target;
  readonly username?: string;
  /** The username that fob uses for its own tokens, to recognize one that the tool sends back. */
  readonly ownUsername?: string;
  readonly secret: Secret;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly done: Reply;
}

/**
 * The server rejected a credential. fob removes it if a tool stored it. It marks its own token as stale, and
 * refreshes it for the next request; it never signs out.
 */
export interface RejectRequest {
  readonly kind: "reject";
  readonly target: Target;
  readonly username?: string;
  /** The rejected secret; absent for any. */
  readonly secret?: Secret;
  readonly done: Reply;
}

/** The tool removes a credential that it stored. fob's own login stays. */
export interface ForgetRequest {
  readonly kind: "forget";
  readonly target: Target;
  readonly username?: string;
  readonly done: Reply;
  /** The reply if there was no credential. */
  readonly miss: Reply;
}

/** The tool lists the credentials that it stored, without the secrets. */
export interface ListRequest {
  readonly kind: "list";
  readonly reply: (entries: readonly ListEntry[]) => Reply;
}

export interface ListEntry {
  /** The URL that it belongs to. */
  readonly host: string;
  readonly username?: string;
}

/** A credential for a tool. */
export interface Answer {
  readonly secret: Secret;
  /** The URL that it belongs to. Without one, no request with a target gets it. */
  readonly host?: string;
  /** The token type, such as `Bearer`; absent for a secret that a tool stored, which is returned unchanged. */
  readonly tokenType?: string;
  readonly username?: string;
  /** Milliseconds since the epoch; absent if unknown. */
  readonly expiresAt?: number;
}

/** A request for the credential that `asked` describes. `write` formats the reply after the answer is checked. */
export function getRequest(
  asked: CredentialQuery,
  write: (answer: Answer) => Reply,
  miss: Reply,
): GetRequest {
  const reply: GetRequest["reply"] = (answer) => {
    requireMatch(asked, answer);
    requirePlainAnswer(answer);
    return write(answer);
  };
  return { kind: "get", ...asked, reply, miss };
}

function requireMatch({ target, username }: CredentialQuery, answer: Answer): void {
  if (target !== undefined && (answer.host === undefined || !isFor(target, answer.host))) {
    throw new FobError("failed", `The credential is not for "${target.origins[0]}"`);
  }
  if (username !== undefined && (answer.username ?? username) !== username) {
    throw new FobError("failed", `The credential is not for the user "${printable(username, 80)}"`);
  }
}

function requirePlainAnswer({ secret, tokenType = "", username = "" }: Answer): void {
  if (secret.reveal() !== "" && [secret.reveal(), tokenType, username].every(isPlain)) return;
  const message = "The credential is empty or contains control characters";
  throw new FobError("provider_answer_invalid", message, { facts: { credential: "invalid" } });
}

/** A successful reply with `stdout`. */
export function stdoutReply(stdout: string): Reply {
  return { stdout, stderr: "", exitCode: 0 };
}

/** A successful reply without output. */
export const emptyReply: Reply = { stdout: "", stderr: "", exitCode: 0 };

/** A failed reply with `message` on stderr, for tools that show stderr and check the exit code. */
export function stderrFailure(message: string): Reply {
  return { stdout: "", stderr: `fob: ${printable(message, 1000)}\n`, exitCode: 1 };
}
