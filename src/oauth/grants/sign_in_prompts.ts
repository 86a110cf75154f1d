/** The user interaction of a sign-in. */
export interface SignInPrompts {
  /** Shows the URL and opens it in a browser, unless the user turned that off. */
  openAuthorizationUrl(url: URL): Promise<void>;
  /** Shows the user code and the URL to enter it at, RFC 8628 section 3.3. */
  showUserCode(
    code: { userCode: string; verificationUri: string; verificationUriComplete?: string },
  ): Promise<void>;
  /**
   * The lines that the user pastes while the listener waits; empty without a terminal.
   * The grant calls `rejectPaste` for a line that is not the callback.
   */
  pastedLines(signal: AbortSignal): AsyncIterable<string>;
  /** Shows why a pasted line was rejected. */
  rejectPaste(reason: string): void;
  /** Shows a notice, such as a clock skew. */
  notice(text: string): void;
}
