import { type ErrorCode, exitCode, FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import type { Terminal } from "../../system/terminal.ts";
import { printable } from "../../text/printable.ts";
import { pastedWord } from "../../text/shell_quote.ts";
import { haveKeychain, keychainAdvice } from "../machine/keychain_advice.ts";
import { paint } from "./colour.ts";
import type { OutputForm } from "./output_format.ts";
import { plaintextFile } from "./reasons.ts";

/** Tells `error` on standard error, with what to do about it, and returns the exit code. */
export function reportError(error: unknown, form: OutputForm, terminal: Terminal): number {
  const { known, hint } = describeError(error);
  if (form === "json") {
    const fields = {
      code: known.code,
      message: known.message,
      ...present({ hint }),
    };
    terminal.say(JSON.stringify({ error: fields }));
  } else {
    terminal.say(`${paint("fob:", "red", terminal.colour)} ${printable(known.message)}`);
    if (hint !== undefined) terminal.say(`  ${printable(hint)}`);
  }
  return exitCode(known.code);
}

/** `error` in one line, with what to do about it: for who sees only what another program shows. */
export function describeInLine(error: unknown): string {
  const { known, hint } = describeError(error);
  return hint === undefined ? known.message : `${known.message}. ${hint}`;
}

function describeError(error: unknown): { known: FobError; hint: string | undefined } {
  const known = error instanceof FobError ? error : foreseen(error);
  return { known, hint: hintFor(known) };
}

/** A mistake of fob's own. The text may hold anything, so only the kind and the place are told. */
export function foreseen(error: unknown): FobError {
  const kind = error instanceof Error ? error.name : typeof error;
  const place = error instanceof Error
    ? /\((?:file:\/\/)?[^)]*?([\w.-]+:\d+:\d+)\)/.exec(error.stack ?? "")?.[1]
    : undefined;
  return new FobError("failed", `Unexpected ${kind}${place === undefined ? "" : ` at ${place}`}`, {
    cause: error,
  });
}

/** What a person can do about `error`: the one place in the program that says so. */
function hintFor({ code, facts }: FobError): string | undefined {
  const advice = hints[code];
  return typeof advice === "function" ? advice(facts) : advice;
}

type Advice = string | ((facts: Readonly<Record<string, string>>) => string | undefined);

const signIn = ({ profile }: Readonly<Record<string, string>>): string =>
  profile === undefined
    ? "Sign in: fob auth login https://api.example.com --client-id ID"
    : `Sign in: fob auth login ${pastedWord(profile)}`;

const newToken = (variable: string): string =>
  `Set ${variable} to a token that the platform has made, or unset it`;

/** Where the identity token of a machine comes from, nobody signs in. */
const identify = ({ ci, variable, identity_file }: Readonly<Record<string, string>>):
  | string
  | undefined => {
  if (ci === "github") {
    return 'Give the job "permissions: id-token: write"; a pull request from a fork cannot have it';
  }
  if (ci === "azure") {
    return "Give the step its token: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)";
  }
  if (ci === "gitlab") return `Declare it in the job: id_tokens: ${variable}: aud: ...`;
  if (variable !== undefined) return `Set ${variable} to the identity token of this machine`;
  if (identity_file !== undefined) return "Whatever runs this machine has to write its token there";
  return undefined;
};

const mistake = "This is a mistake in fob: please report it with what you did";

const hints: Partial<Record<ErrorCode, Advice>> = {
  failed: mistake,
  usage: ({ option, example, suggestion, variable, see = "fob --help" }) => {
    if (variable !== undefined) return newToken(variable);
    if (suggestion !== undefined) return `Did you mean ${suggestion}?`;
    if (example !== undefined) return `Write it like ${example}`;
    return option === undefined ? `See: ${see}` : `Say it with ${option}`;
  },
  unknown_profile: ({ near }) =>
    near ? `Did you mean ${near}? See: fob auth profiles` : "See: fob auth profiles",
  not_signed_in: (facts) => identify(facts) ?? signIn(facts),
  sign_in_again: ({ profile, variable }) =>
    variable !== undefined
      ? newToken(variable)
      : signIn(present({ profile })).replace("Sign in", "Sign in again"),
  config_invalid: ({ path }) =>
    path === undefined
      ? undefined
      : `Correct "${path}", or move it away; fob has changed nothing in it`,
  store_locked: (facts) =>
    keychainAdvice(facts) ??
      "Unlock the keyring, by signing in to the desktop or with its own program, and try again",
  store_denied: (facts) =>
    keychainAdvice(facts) ?? "Let fob use it, or see what fob finds: fob doctor",
  store_cancelled: "Try again, and unlock the keyring when it asks",
  store_timeout: ({ connection }) =>
    connection === undefined
      ? "The keyring may be waiting for somebody at the screen. See: fob doctor"
      : "Try again. See: fob doctor",
  store_unavailable: (facts) => {
    if (facts["kept"] !== undefined) {
      return `Use it where its keychain is, or keep another login in ${plaintextFile()}: FOB_AUTH_STORAGE=plaintext`;
    }
    if (facts["reason"] === "no-default-collection") {
      return 'Create a default keyring, for example with "Passwords and Keys", or keep tokens in a 0600 file: FOB_AUTH_STORAGE=plaintext';
    }
    if (facts["reason"] === "no-logon-session") {
      return `${haveKeychain(facts)}, or keep tokens in a file: FOB_AUTH_STORAGE=plaintext`;
    }
    return keychainAdvice(facts) ??
      `Keep tokens in ${plaintextFile()} instead: FOB_AUTH_STORAGE=plaintext. See: fob doctor`;
  },
  store_corrupt: ({ path, version }) => {
    if (version !== undefined) return "A newer fob wrote it: use that one";
    if (path === undefined) return "Sign in again to replace it";
    return `Repair it, or move "${path}" away and sign in again; nothing in it has been changed`;
  },
  store_failed: ({ advice }) => advice === "mistake" ? mistake : "See: fob doctor",
  plaintext_refused: (facts) =>
    `${haveKeychain(facts)}, or allow plaintext by unsetting what refuses it`,
  provider_unreachable: ({ sent }) =>
    sent === undefined
      ? "Nothing has been lost: try again when it answers"
      : "Try again: only then is it certain whether the server has spent the refresh token",
  provider_answer_invalid:
    "Nothing that is kept has changed. Check the address, or name the issuer with --issuer",
  provider_refused: ({ device, ci, source, option, status, error }) => {
    if (option !== undefined) return `Nothing that is kept has changed. Say it with ${option}`;
    if (error === "QUOTA_EXCEEDED") {
      return "End tokens that nobody needs, at the platform or with: fob lease sweep";
    }
    if (status === "401" || status === "403") {
      return "Nothing that is kept has changed. Check that the token is for this host, and still good";
    }
    if (device !== undefined) return "Sign in without --device";
    if (ci !== undefined) return "Run the job again: what it asks with is good only while it runs";
    return source === undefined
      ? "Nothing that is kept has changed. Approve the sign-in, or ask the platform why"
      : `Check what ${source} and what stands beside it hold, and whom the platform trusts`;
  },
  api_refused: ({ status, redirect, body }) => {
    if (body !== undefined) return "Run it again";
    if (redirect !== undefined) {
      return "--include shows the whole address: fetch it with a program that has no token";
    }
    return status === "401" ? "See which login answered, and why: fob auth status" : undefined;
  },
  issuer_mismatch:
    "Ask for the issuer by its own name with --issuer; a server that names another is not to be trusted",
  identity_mismatch: ({ option }) =>
    option === undefined
      ? "Nothing that is kept has changed. Make a token as the person that it has to be of"
      : `Nothing that is kept has changed. Sign in under another name, or let it take the place: ${option}`,
  sign_in_timeout: "Start over; --timeout gives more time",
  command_not_found: ({ needed }) =>
    needed === undefined ? "Check its name, and PATH" : `Where it is, run: ${needed}`,
  declined: ({ link, target, instead }) => {
    if (instead !== undefined) return `Start it with: ${instead}`;
    return link === undefined
      ? undefined
      : `Put fob into a folder on PATH, or make the link there: ln -s ${target} ${link}`;
  },
  lock_timeout: "Another fob is still using it: try again. If none is running, see: fob doctor",
};
