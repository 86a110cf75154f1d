const advices: Readonly<Record<string, string>> = {
  "keychain-locked":
    "Unlock it (an SSH login does not): security unlock-keychain. If it is unlocked, run fob once at the screen, where macOS can prompt",
  "keychain-refused":
    'Run fob once at the screen and choose "Always Allow", or sign in again. macOS treats an updated fob as another program',
  "altered-program": "Install fob again: its code signature is invalid",
  "no-default-keychain":
    "Run fob as your own user with your own HOME, or set one: security default-keychain -s login.keychain",
  "keychain-unreachable":
    "Run fob in a login session of your user, or store tokens in a 0600 file: FOB_AUTH_STORAGE=plaintext",
  "keychain-read-only": "Check which keychain is the default: security default-keychain",
};

/** How to get a keychain, by the `reason` that there is none. */
export function haveKeychain({ reason }: Readonly<Record<string, string>>): string {
  return reason === "no-logon-session"
    ? "Use fob in a Windows session (at the machine or over Remote Desktop, not SSH)"
    : "Start a keyring";
}

/** The hint for an error of the macOS Keychain, by its facts; `undefined` for any other error. */
export function keychainAdvice({ advice, reason }: Readonly<Record<string, string>>):
  | string
  | undefined {
  return advices[advice ?? reason ?? ""];
}
