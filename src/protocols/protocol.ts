import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { printable } from "../text/printable.ts";
import { isPlain } from "./plain_text.ts";
import { isFor, type Target } from "./target.ts";

/**
 * A credential-helper protocol: what a tool says becomes a {@link Request}, and what fob has to say a
 * {@link Reply}. What is between (which credential, fresh or not, where it is kept) is the same for all.
 */
export interface Protocol {
  /** The variables of the environment that it reads. */
  readonly variables?: readonly string[];
  /** Present where fob speaks first, and then each line of stdin is a call until it ends; the exit code is 0. */
  readonly greeting?: string;
  /** Whether the tool names a user when it asks; otherwise it has one credential at a place. */
  readonly namesUsers?: boolean;
  /** The program whose place it takes on `PATH`, which gets what is not fob's, known by `pass` or by a miss. */
  readonly replaces?: string;
  /**
   * Whether the tool, by asking again, says that the server has refused what it got last; present where it
   * has no other way to say so. Then the token is to be refreshed.
   */
  readonly isRetry?: (last: HandedOutToken, now: HandedOutToken) => boolean;
  /** Whether stdin is to be read, which may be a person's terminal where it is not. */
  readonly readsInput: (argv: readonly string[]) => boolean;
  /** @throws {FobError} `usage` for what no tool says, or fob does not answer. It goes to `fail`. */
  readonly parse: (call: Call) => Request;
  /** The reply that nothing but an error can be had. `message` may be any text. */
  readonly fail: (message: string) => Reply;
}

/** What was, or is about to be, handed out. */
export interface HandedOutToken {
  /** The process that asked: fob's parent. */
  readonly callerPid: number;
  /** What tells two tokens apart, which need not be the token. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a tool says. */
export interface Call {
  /** The words after the protocol's name, without fob's own options. */
  readonly argv: readonly string[];
  /** What stdin holds, or one line of it; empty where it is not read. Bytes that are no text are U+FFFD. */
  readonly input: string;
  /** The values of the protocol's `variables`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a tool gets. */
export interface Reply {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What a tool wants. `pass`: it goes to the program that fob stands in for, as it came. */
export type Request =
  | GetRequest
  | StoreRequest
  | RejectRequest
  | ForgetRequest
  | ListRequest
  | { readonly kind: "pass" }
  | { readonly kind: "done"; readonly done: Reply };

/** What a tool says of the credential that it wants. */
export interface CredentialQuery {
  /** Absent where the tool does not say, and only a profile that was named on the command line can answer. */
  readonly target?: Target;
  /** Whose credential; anybody's where it is absent. */
  readonly username?: string;
  /** Whether the server has told the tool that the token at hand is no good: it is to be refreshed. */
  readonly isRefused?: boolean;
  /** Whether only what the tool gave itself can answer, and for this very path. */
  readonly isStoredOnly?: boolean;
  /** Options of fob's that the tool was configured with, where they do not come as words. */
  readonly options?: readonly string[];
}

/** A credential is wanted. */
export interface GetRequest extends CredentialQuery {
  readonly kind: "get";
  /** @throws {FobError} where `answer` is not for whom it was asked, or not fit to be sent. */
  readonly reply: (answer: Answer) => Reply;
  /** The reply that there is none. */
  readonly miss: Reply;
}

/** The tool gives a credential to keep, as one of its own. Git gives what it has just got from fob, too. */
export interface StoreRequest {
  readonly kind: "store";
  readonly target: Target;
  readonly username?: string;
  /** The user that a token of fob's goes by where nobody named one, where the tool gives those back. */
  readonly ownUsername?: string;
  readonly secret: Secret;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly done: Reply;
}

/**
 * The server has refused a credential. One that a tool gave is removed; fob's own is stale, and is
 * refreshed when it is asked for again. Nobody is signed out.
 */
export interface RejectRequest {
  readonly kind: "reject";
  readonly target: Target;
  readonly username?: string;
  /** What was refused; whatever there is where it is absent. */
  readonly secret?: Secret;
  readonly done: Reply;
}

/** What the tool gave is to be removed. What fob obtained itself stays. */
export interface ForgetRequest {
  readonly kind: "forget";
  readonly target: Target;
  readonly username?: string;
  readonly done: Reply;
  /** The reply that there was none. */
  readonly miss: Reply;
}

/** The tool wants to know what it has given, without the secrets: it asks for each of them then. */
export interface ListRequest {
  readonly kind: "list";
  readonly reply: (entries: readonly ListEntry[]) => Reply;
}

export interface ListEntry {
  /** The address that it belongs to. */
  readonly host: string;
  readonly username?: string;
}

/** A credential to hand out. */
export interface Answer {
  readonly secret: Secret;
  /** The address that it belongs to. Without one it is for no tool that says where it will send it. */
  readonly host?: string;
  /** How it is sent, such as `Bearer`; absent for what a tool gave: it gets it back as it was. */
  readonly tokenType?: string;
  readonly username?: string;
  /** Milliseconds since the epoch; absent where nobody said. */
  readonly expiresAt?: number;
}

/** A request for what was `asked`, whose reply `write` writes once the answer has proved to be for it. */
export function getRequest(
  asked: CredentialQuery,
  write: (answer: Answer) => Reply,
  miss: Reply,
): GetRequest {
  const reply: GetRequest["reply"] = (answer) => {
    assertFor(asked, answer);
    assertFit(answer);
    return write(answer);
  };
  return { kind: "get", ...asked, reply, miss };
}

function assertFor({ target, username }: CredentialQuery, answer: Answer): void {
  if (target !== undefined && (answer.host === undefined || !isFor(target, answer.host))) {
    throw new FobError("failed", `The credential at hand is not for "${target.origins[0]}"`);
  }
  if (username !== undefined && (answer.username ?? username) !== username) {
    throw new FobError("failed", "The credential at hand is another user's than was asked for");
  }
}

function assertFit({ secret, tokenType = "", username = "" }: Answer): void {
  if (secret.reveal() !== "" && [secret.reveal(), tokenType, username].every(isPlain)) return;
  const message = "The credential at hand is empty, or has control characters in it";
  throw new FobError("provider_answer_invalid", message);
}

/** The reply that says `stdout` and that all is well. */
export function stdoutReply(stdout: string): Reply {
  return { stdout, stderr: "", exitCode: 0 };
}

/** The reply that says nothing, and that all is well. */
export const emptyReply: Reply = { stdout: "", stderr: "", exitCode: 0 };

/** The failure of a tool that shows stderr to people and heeds the exit code. */
export function stderrFailure(message: string): Reply {
  return { stdout: "", stderr: `fob: ${printable(message, 1000)}\n`, exitCode: 1 };
}
