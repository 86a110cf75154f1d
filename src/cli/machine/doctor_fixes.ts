import type { Check, Problem } from "../../doctor/check.ts";
import type { ErrorCode } from "../../errors.ts";
import { isTestAccount } from "../../profiles/profile.ts";
import { pastedWord } from "../../text/shell_quote.ts";
import { plaintextFile } from "../ui/reasons.ts";
import { haveKeychain, keychainAdvice } from "./keychain_advice.ts";

type Facts = Readonly<Record<string, string>>;
type Fix = string | ((facts: Facts) => string | undefined);

/** The fix for the result of a doctor check; `undefined` if the check passed. */
export function fixFor({ state, code, facts = {} }: Check): string | undefined {
  if (state === "ok" || code === undefined) return undefined;
  const fix = fixes[code];
  return typeof fix === "function" ? fix(facts) : fix;
}

const signIn = ({ profile }: Facts): string =>
  profile === undefined ? "fob auth login NAME" : `fob auth login ${pastedWord(profile)}`;

const repair = ({ path }: Facts): string =>
  path === undefined
    ? "Correct the setting that is named there"
    : `Repair it or move it away: ${pastedWord(path)}`;

const keepInFile = `use ${plaintextFile()}: fob storage set plaintext`;
const allowPlaintext = "remove the setting that forbids plaintext";

const fixes: Readonly<Record<Problem, Fix> & Partial<Record<ErrorCode, Fix>>> = {
  clock_off: "Set this computer's clock (on Linux: timedatectl set-ntp true)",
  clock_unknown: "Run fob doctor again when a server is reachable",
  file_left: ({ paths = "" }) =>
    `If no fob process is running: rm ${
      paths.split("\n").map((path) => pastedWord(path)).join(" ")
    }`,
  file_unread: "Check the file for secrets by hand",
  lines_unread: repair,
  lock_held: ({ path = "" }) =>
    `Wait until it is released. If it never is, find the process and end it: fuser -v ${
      pastedWord(path)
    }`,
  login_without_profile: ({ account = "" }) =>
    isTestAccount(account)
      ? "An interrupted fob left it. Remove it in the keychain's own program"
      : "Create the profile with fob auth login NAME, then remove the login with fob auth logout NAME",
  mode_too_wide: ({ mode = "600", path = "" }) => `chmod ${mode} ${pastedWord(path)}`,
  no_opener: "Sign in with fob auth login --device or --no-browser, or set BROWSER",
  not_private: ({ path = "" }) => `Move it away and let fob create a new one: ${pastedWord(path)}`,
  not_tried: "Fix the other problems first, then run fob doctor again",
  opener_missing: "Install it, set BROWSER to a command, or sign in with --device",
  plaintext_left: ({ tool = "", migrates, backups, moves }) => {
    if (moves !== undefined) return moveFixes[moves];
    if (backups !== undefined) {
      return `Once everything works: rm ${
        backups.split("\n").map((path) => pastedWord(path)).join(" ")
      }`;
    }
    return migrates === undefined
      ? otherFixes[tool]
      : `fob migrate --from ${tool} --remove. Revoke the remaining tokens at the provider`;
  },
  plaintext_used: (facts) => `${haveKeychain(facts)}, or forbid plaintext: FOB_NO_PLAINTEXT=1`,
  refresh_interrupted: ({ profile = "NAME" }) =>
    `Try again: fob auth token ${pastedWord(profile)}. If it fails: ${signIn({ profile })}`,
  variable_overrides: ({ variable = "it" }) => `To use a stored login: unset ${variable}`,

  config_invalid: repair,
  io_failed: ({ path }) =>
    path === undefined ? "Check its owner, its mode and the free disk space" : repair({ path }),
  lock_timeout: "Another fob process is using it. Try again",
  unknown_profile: ({ path }) =>
    path === undefined
      ? "Choose another: fob auth switch, or change FOB_PROFILE if it is set"
      : `Correct the profile in ${pastedWord(path)}, or sign in to it: fob auth login NAME`,
  usage: "Correct the host or issuer in the profile file, or sign in again with --host or --issuer",
  store_locked: (facts) =>
    keychainAdvice(facts) ??
      "Unlock the keyring (sign in to the desktop, or use the keyring's program)",
  store_denied: (facts) =>
    keychainAdvice(facts) ??
      "Allow fob to use it in the keychain's own program, or check the owner of the file",
  store_timeout:
    "The keyring may be waiting for an answer on the screen. Answer it, or restart the keyring",
  store_unavailable: (facts) => {
    const { reason, kept, refused } = facts;
    if (kept !== undefined) return "Use them in a session that has the keychain";
    if (reason === "no-default-collection") {
      return 'Create a default keyring, for example with "Passwords and Keys", or: fob storage set plaintext';
    }
    const advice = keychainAdvice(facts);
    if (advice !== undefined) return advice;
    return `${haveKeychain(facts)}, or ${refused === undefined ? keepInFile : allowPlaintext}`;
  },
  store_corrupt: ({ path, version }) => {
    if (version !== undefined) return "A newer version of fob wrote it. Update fob";
    return path === undefined ? "Sign in again to replace it" : repair({ path });
  },
  store_failed: "Check its owner, its mode and the free disk space, or restart the keyring",
  plaintext_refused: (facts) => `${haveKeychain(facts)}, or ${allowPlaintext}`,
  provider_unreachable: "Check your network, proxy or VPN, and the issuer in the profile",
  provider_answer_invalid: "Check the address, or set the issuer: fob auth login NAME --issuer URL",
  provider_refused: "Check the address in the profile",
  issuer_mismatch:
    "If the issuer that the server names is correct: fob auth login NAME --issuer URL",
};

/** How to move plaintext of fob's own into the keychain. */
const moveFixes: Readonly<Record<string, string>> = {
  automatic: "Any command that uses a login moves it, for example fob storage show",
  on_request:
    "fob storage move secure. For a token in the profile file: fob auth login NAME --with-token",
  never: "fob auth login NAME --with-token, then remove the token from the file",
};

/** Fixes for tools that fob cannot migrate from. */
const otherFixes: Readonly<Record<string, string>> = {
  npm: "Replace it with ${NPM_TOKEN}, and set that variable where npm runs",
  netrc: "Remove unused entries and revoke their tokens",
};
