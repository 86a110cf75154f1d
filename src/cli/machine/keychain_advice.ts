const advices: Readonly<Record<string, string>> = {
  "keychain-locked":
    "Unlock it, which a sign-in over SSH does not do: security unlock-keychain. If it is unlocked, run fob once at the screen: it has to ask",
  "keychain-refused":
    'Run it once where you can be asked and choose "Always Allow", or sign in again: an updated fob is another program to macOS',
  "altered-program": "Install fob again: its signature does not fit it",
  "no-default-keychain":
    "Run it as yourself, with your own HOME, or choose one: security default-keychain -s login.keychain",
  "keychain-unreachable":
    "Run it in a session of yours, or keep tokens in a 0600 file: FOB_AUTH_STORAGE=plaintext",
  "keychain-read-only": "See which one it is: security default-keychain",
};

/** What a person can do who has no keychain for one of these `reason`s: on Windows nobody starts one. */
export function haveKeychain({ reason }: Readonly<Record<string, string>>): string {
  return reason === "no-logon-session"
    ? "Use it in a session of Windows (at the machine or by Remote Desktop, not by SSH)"
    : "Start a keyring";
}

/** What a person can do about the keychain of macOS, by the facts of its error; `undefined` for any other error. */
export function keychainAdvice({ advice, reason }: Readonly<Record<string, string>>):
  | string
  | undefined {
  return advices[advice ?? reason ?? ""];
}
