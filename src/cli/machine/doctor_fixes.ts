import type { Check, Problem } from "../../doctor/check.ts";
import type { ErrorCode } from "../../errors.ts";
import { isTrial } from "../../profiles/profile.ts";
import { pastedWord } from "../../text/shell_quote.ts";
import { plaintextFile } from "../ui/reasons.ts";
import { haveKeychain, keychainAdvice } from "./keychain_advice.ts";

type Facts = Readonly<Record<string, string>>;
type Fix = string | ((facts: Facts) => string | undefined);

/** What a person can do about what a check found; `undefined` where nothing is wrong. */
export function fixFor({ state, code, facts = {} }: Check): string | undefined {
  if (state === "ok" || code === undefined) return undefined;
  const fix = fixes[code];
  return typeof fix === "function" ? fix(facts) : fix;
}

/** A word for a shell. */
const signIn = ({ profile }: Facts): string =>
  profile === undefined ? "fob auth login NAME" : `fob auth login ${pastedWord(profile)}`;

const mend = ({ path }: Facts): string =>
  path === undefined
    ? "Set, or mend, what is named there"
    : `Repair it, or move it away: ${pastedWord(path)}`;

const keepInFile = `ask for ${plaintextFile()}: fob storage set plaintext`;
const allowPlaintext = "stop refusing plaintext";

const fixes: Readonly<Record<Problem, Fix> & Partial<Record<ErrorCode, Fix>>> = {
  clock_off:
    "Set this computer's clock, best by NTP: timedatectl set-ntp true, or the system's own way",
  clock_unknown: "Run fob doctor again when a server can be reached",
  file_left: ({ paths = "" }) =>
    `When no fob is running: rm ${paths.split("\n").map((path) => pastedWord(path)).join(" ")}`,
  file_unread: "Look for secrets in it yourself: fob could not",
  lines_unread: mend,
  lock_held: ({ path = "" }) =>
    `Wait until it is done; if it never is, find it and end it: fuser -v ${pastedWord(path)}`,
  login_astray: ({ account = "" }) =>
    isTrial(account)
      ? "A fob that was killed left it: remove it in the keychain's own program"
      : "fob auth login NAME makes the profile again; fob auth logout NAME then removes it",
  mode_too_wide: ({ mode = "600", path = "" }) => `chmod ${mode} ${pastedWord(path)}`,
  no_opener: "Sign in with fob auth login --device, or --no-browser; or set BROWSER",
  not_private: ({ path = "" }) => `Move it away, and let fob make its own: ${pastedWord(path)}`,
  not_tried: "See to what else is wrong here first, and run fob doctor again",
  opener_missing: "Install it, or set BROWSER to a command; or sign in with --device",
  plaintext_left: ({ tool = "", migrates, backups, moves }) => {
    if (moves !== undefined) return moved[moves];
    if (backups !== undefined) {
      return `Once nothing is missed: rm ${
        backups.split("\n").map((path) => pastedWord(path)).join(" ")
      }`;
    }
    return migrates === undefined
      ? keptElsewhere[tool]
      : `fob migrate --from ${tool} --remove; what it refuses, revoke or sign out of there`;
  },
  plaintext_used: (facts) => `${haveKeychain(facts)}, or refuse plaintext: FOB_NO_PLAINTEXT=1`,
  refresh_cut_off: ({ profile = "NAME" }) =>
    `fob auth token ${pastedWord(profile)} tries it again; if it is refused: ${
      signIn({ profile })
    }`,
  variable_overrides: ({ variable = "it" }) => `unset ${variable}, to use a login`,

  config_invalid: mend,
  io_failed: ({ path }) =>
    path === undefined ? "See to the owner, the mode and the free space of it" : mend({ path }),
  lock_timeout: "Another fob is still using it: try again",
  unknown_profile: ({ path }) =>
    path === undefined
      ? "Choose another: fob auth switch, or with FOB_PROFILE where that is set"
      : `Name another in ${pastedWord(path)}, or sign in to it: fob auth login NAME`,
  usage:
    "Correct the host or the issuer in the profile file, or sign in anew with --host or --issuer",
  store_locked: (facts) =>
    keychainAdvice(facts) ??
      "Unlock the keyring, by signing in to the desktop or with its own program",
  store_denied: (facts) =>
    keychainAdvice(facts) ??
      "Let fob use it, in the keychain's own program; or see to the owner of the file",
  store_timeout:
    "The keyring may be waiting for somebody at the screen: answer there, or restart it",
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
    if (version !== undefined) return "A newer fob wrote it: use that one";
    return path === undefined ? "Sign in again to replace it" : mend({ path });
  },
  store_failed: "See to the owner, the mode and the free space of it, or restart the keyring",
  plaintext_refused: (facts) => `${haveKeychain(facts)}, or ${allowPlaintext}`,
  provider_unreachable: "See to the network, a proxy or a VPN, and to the address in the profile",
  provider_answer_invalid:
    "Check the address, or name the issuer: fob auth login NAME --issuer ADDRESS",
  provider_refused: "Check the address in the profile",
  issuer_mismatch: "Name the issuer as it names itself: fob auth login NAME --issuer ADDRESS",
};

/** What becomes of fob's own plaintext. */
const moved: Readonly<Record<string, string>> = {
  "by itself": "Any command that uses a login moves it, such as fob storage show",
  asked: "fob storage move secure; a token in the profile file: fob auth login NAME --with-token",
  never: "fob auth login NAME --with-token, then take it out of the file",
};

/** Where other tools can keep secrets instead. */
const keptElsewhere: Readonly<Record<string, string>> = {
  npm: "Write ${NPM_TOKEN} in its place, and set the variable where npm runs",
  netrc: "Remove what is not needed, and revoke it",
};
