/** The person's side of a sign-in, as far as a grant needs it. */
export interface SignInPrompts {
  /** Shows the address and, unless the person asked not to, opens it in a browser. */
  openAuthorizationUrl(url: URL): Promise<void>;
  /** Shows where to type which code, RFC 8628 section 3.3. */
  showUserCode(
    code: { userCode: string; verificationUri: string; verificationUriComplete?: string },
  ): Promise<void>;
  /**
   * Lines that the person pastes while the listener waits; ends where nobody can paste.
   * A line that is no callback address is answered by `rejectPaste`.
   */
  pastedLines(signal: AbortSignal): AsyncIterable<string>;
  /** Says why a pasted line was not taken. */
  rejectPaste(reason: string): void;
  /** Says something that the person should know, such as a clock that is off. */
  notice(text: string): void;
}
