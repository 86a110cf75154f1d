import { parseAddress } from "../../text/address.ts";
import { isAtRedirect } from "./loopback_redirect.ts";

/** What a pasted callback has to match, and whom to tell when it does not. */
export interface PastedCallbackOptions {
  readonly redirectUri: string;
  readonly state: string;
  readonly reject: (reason: string) => void;
}

/**
 * The callback among the lines that a person pastes: the address that the browser could not open, because
 * it runs on another computer. `undefined` where the lines end without one. What was pasted is not shown.
 */
export async function pastedCallback(
  lines: AsyncIterable<string>,
  { redirectUri, state, reject }: PastedCallbackOptions,
): Promise<URLSearchParams | undefined> {
  const start = new URL(redirectUri).origin === redirectUri ? `${redirectUri}/` : `${redirectUri}?`;
  for await (const line of lines) {
    const text = line.trim();
    if (text === "") continue;
    const url = parseAddress(text, "http");
    if (url === undefined || !isAtRedirect(url, redirectUri)) {
      reject(`That is not the address that the browser ended at: it begins with "${start}"`);
    } else if (url.searchParams.get("state") !== state) {
      reject("That address belongs to another sign-in");
    } else if (!url.searchParams.has("code") && !url.searchParams.has("error")) {
      reject("That address is cut off: it holds no answer");
    } else {
      return url.searchParams;
    }
  }
  return undefined;
}
