import { parseAddress } from "../../text/address.ts";
import { isAtRedirect } from "./loopback_redirect.ts";

/** The redirect URI and `state` that a pasted callback must match. `reject` reports why a line does not. */
export interface PastedCallbackOptions {
  readonly redirectUri: string;
  readonly state: string;
  readonly reject: (reason: string) => void;
}

/**
 * The callback among the lines that the user pastes: the address that the browser could not open, because it
 * runs on another computer. `undefined` if the lines end without one. Messages do not repeat the line.
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
      reject(`Paste the address the browser ended at. It starts with "${start}"`);
    } else if (url.searchParams.get("state") !== state) {
      reject("This address belongs to a different sign-in");
    } else if (!url.searchParams.has("code") && !url.searchParams.has("error")) {
      reject("This address is incomplete: it has no code or error parameter");
    } else {
      return url.searchParams;
    }
  }
  return undefined;
}
