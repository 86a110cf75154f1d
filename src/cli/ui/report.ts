import { type ErrorCode, exitCode, FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import type { Terminal } from "../../system/terminal.ts";
import { printable } from "../../text/printable.ts";
import { pastedWord } from "../../text/shell_quote.ts";
import { haveKeychain, keychainAdvice } from "../machine/keychain_advice.ts";
import { paint } from "./color.ts";
import type { OutputForm } from "./output_format.ts";
import { plaintextFile } from "./reasons.ts";

/** Writes `error` and its hint to standard error, and returns the exit code. */
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
    terminal.say(`${paint("fob:", "red", terminal.color)} ${printable(known.message)}`);
    if (hint !== undefined) terminal.say(`  ${printable(hint)}`);
  }
  return exitCode(known.code);
}

/** The message and hint of `error` in one line, for programs that show a single line. */
export function describeInLine(error: unknown): string {
  const { known, hint } = describeError(error);
  return hint === undefined ? known.message : `${known.message}. ${hint}`;
}

function describeError(error: unknown): { known: FobError; hint: string | undefined } {
  const known = error instanceof FobError ? error : unexpected(error);
  return { known, hint: hintFor(known) };
}

/** Wraps an error that fob does not expect. Its text may hold a secret, so only its class and position are kept. */
export function unexpected(error: unknown): FobError {
  const kind = error instanceof Error ? error.name : typeof error;
  const place = error instanceof Error
    ? /\((?:file:\/\/)?[^)]*?([\w.-]+:\d+:\d+)\)/.exec(error.stack ?? "")?.[1]
    : undefined;
  return new FobError("failed", `Unexpected ${kind}${place === undefined ? "" : ` at ${place}`}`, {
    cause: error,
  });
}

/** Returns the hint for an error. All hints are in this file. */
function hintFor({ code, facts }: FobError): string | undefined {
  const hint = hints[code];
  return typeof hint === "function" ? hint(facts) : hint;
}

type Hint = string | ((facts: Readonly<Record<string, string>>) => string | undefined);

const signIn = ({ profile }: Readonly<Record<string, string>>): string =>
  profile === undefined
    ? "Sign in: fob auth login https://api.example.com --client-id ID"
    : `Sign in: fob auth login ${pastedWord(profile)}`;

const newToken = (variable: string): string => `Set ${variable} to a valid token, or unset it`;

/** The hint for a workload without an ID token: there is no sign-in for it. */
const workloadHint = ({ ci, variable, identity_file }: Readonly<Record<string, string>>):
  | string
  | undefined => {
  if (ci === "github") {
    return 'Add "permissions: id-token: write" to the job (not possible for pull requests from forks)';
  }
  if (ci === "azure") {
    return "Pass the token to the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)";
  }
  if (ci === "gitlab") return `Add it to the job: id_tokens: ${variable}: aud: ...`;
  if (variable !== undefined) return `Set ${variable} to an ID token of this workload`;
  if (identity_file !== undefined) {
    return `Check that the platform writes an ID token to "${identity_file}"`;
  }
  return undefined;
};

const bug = "This is a bug in fob. Report it with the command that you ran";

/** Hints for OAuth errors of a sign-in, RFC 6749 sections 4.1.2.1 and 5.2. */
const refusals: Readonly<Record<string, string>> = {
  access_denied: "No login was changed. Run the command again and approve the sign-in",
  invalid_client: "The server rejected the client. Check --client-id and the client secret",
  unauthorized_client: "The server rejected the client. Check --client-id and its allowed grants",
  invalid_scope: "No login was changed. Check --scopes",
};

const hints: Partial<Record<ErrorCode, Hint>> = {
  failed: bug,
  usage: ({ option, question, example, suggestion, variable, see = "fob --help" }) => {
    if (variable !== undefined) return `Set ${variable} to a valid value, or unset it`;
    if (suggestion !== undefined) return `Did you mean ${suggestion}?`;
    if (example !== undefined) return `For example: ${example}`;
    if (option === undefined) return `See: ${see}`;
    const verb = /^[A-Z][A-Z0-9_]+$/.test(option) ? "Set" : "Use";
    return question === undefined ? `${verb} ${option}` : `Use ${option} to answer "${question}"`;
  },
  unknown_profile: ({ near }) =>
    near ? `Did you mean ${near}? See: fob auth profiles` : "See: fob auth profiles",
  not_signed_in: (facts) => workloadHint(facts) ?? signIn(facts),
  sign_in_again: ({ profile, variable, lease }) => {
    if (variable !== undefined) return newToken(variable);
    if (lease !== undefined) return "Run the command again with a new token";
    return signIn(present({ profile })).replace("Sign in", "Sign in again");
  },
  config_invalid: ({ path }) =>
    path === undefined ? undefined : `Correct "${path}" or move it away. fob has not changed it`,
  store_locked: (facts) =>
    keychainAdvice(facts) ??
      "Unlock the keyring (sign in to the desktop, or use the keyring's program) and try again",
  store_denied: (facts) => keychainAdvice(facts) ?? "Allow fob to use it. For details: fob doctor",
  store_cancelled: "Try again and unlock the keyring when it asks",
  store_timeout: ({ connection }) =>
    connection === undefined
      ? "The keyring may be waiting for an answer on the screen. See: fob doctor"
      : "Try again. See: fob doctor",
  store_unavailable: (facts) => {
    if (facts["kept"] !== undefined) {
      return `Use it in a session that has the keychain, or store another login in ${plaintextFile()}: FOB_AUTH_STORAGE=plaintext`;
    }
    if (facts["reason"] === "no-default-collection") {
      return 'Create a default keyring, for example with "Passwords and Keys", or store tokens in a 0600 file: FOB_AUTH_STORAGE=plaintext';
    }
    if (facts["reason"] === "no-logon-session") {
      return `${haveKeychain(facts)}, or store tokens in a file: FOB_AUTH_STORAGE=plaintext`;
    }
    return keychainAdvice(facts) ??
      `Store tokens in ${plaintextFile()} instead: FOB_AUTH_STORAGE=plaintext. See: fob doctor`;
  },
  store_corrupt: ({ path, version }) => {
    if (version !== undefined) return "A newer version of fob wrote it. Update fob";
    if (path === undefined) return "Sign in again to replace it";
    return `Repair "${path}", or move it away and sign in again. fob has not changed it`;
  },
  store_failed: ({ advice }) => advice === "mistake" ? bug : "See: fob doctor",
  plaintext_refused: (facts) =>
    `${haveKeychain(facts)}, or remove the setting that forbids plaintext`,
  provider_unreachable: ({ sent }) =>
    sent === undefined
      ? "No login was changed. Check your network and the address, or try again later"
      : "The refresh token may already be used. Run the command again to find out",
  provider_answer_invalid: ({ credential }) =>
    credential === undefined
      ? "No login was changed. Check the address, or set the issuer with --issuer"
      : undefined,
  provider_refused: ({ device, ci, source, option, status, error }) => {
    if (option !== undefined) return `No login was changed. Use ${option}`;
    if (error === "QUOTA_EXCEEDED") {
      return "Revoke unused tokens, at the platform or with: fob lease sweep";
    }
    if (status === "401" || status === "403") {
      return "No login was changed. Check that the token is valid and is for this host";
    }
    if (device !== undefined) return "Sign in without --device";
    if (ci !== undefined) {
      return "Run the job again. Its token for this request is valid only while the job runs";
    }
    return source === undefined
      ? refusals[error ?? ""] ?? "No login was changed"
      : `Check ${source} and its related settings, and the trust policy of the platform`;
  },
  api_refused: ({ status, redirect, body }) => {
    if (body !== undefined) return "Run the command again";
    if (redirect !== undefined) {
      return "See the full address with --include, and fetch it without a token";
    }
    return status === "401" ? "See which login was used, and why: fob auth status" : undefined;
  },
  issuer_mismatch: ({ issuer }) =>
    issuer === undefined
      ? undefined
      : `If that issuer is correct, use --issuer ${pastedWord(issuer)}`,
  identity_mismatch: ({ option }) =>
    option === undefined
      ? "No login was changed. Create the token as the expected user"
      : `No login was changed. Sign in under another profile name, or replace the login with ${option}`,
  sign_in_timeout: "Run the command again. For more time, use --timeout",
  command_not_found: ({ needed }) =>
    needed === undefined ? "Check its name and PATH" : `Where it is installed, run: ${needed}`,
  declined: ({ link, target, instead }) => {
    if (instead !== undefined) return `Start it with: ${instead}`;
    return link === undefined
      ? undefined
      : `Put fob in a directory on PATH, or create the link there: ln -s ${target} ${link}`;
  },
  lock_timeout: "Another fob process is using it. Try again; if none is running, see: fob doctor",
};
