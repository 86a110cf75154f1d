import type { Secret } from "../secret.ts";
import { isSecret } from "./local_key.ts";

/** Headers of one connection (RFC 9110 section 7.6.1, and older ones). */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** The headers that tools send an API key in. */
const keyHeaders = ["authorization", "x-api-key", "x-goog-api-key"];

/** Headers that follow from the URL and the body, or that fob sets. */
const own = ["host", "content-length", "accept-encoding", "expect"];

/** Whether `headers` contain `key` in one of the headers for API keys. */
export function hasKey(headers: Headers, key: Secret): boolean {
  return keyHeaders.some((name) => {
    const value = headers.get(name) ?? "";
    return isSecret(name === "authorization" ? value.replace(/^Bearer +/i, "") : value, key);
  });
}

/**
 * The headers of a forwarded request: `authorization` as the only credential, and no header that contains
 * `key`.
 */
export function requestHeaders(sent: Headers, key: Secret, authorization: string): Headers {
  const headers = endToEnd(sent, [...keyHeaders, ...own]);
  for (const [name, value] of [...headers]) {
    if (value.includes(key.reveal())) headers.delete(name);
  }
  headers.set("authorization", authorization);
  return headers;
}

/** The headers of a response for the caller. */
export function answerHeaders(received: Headers): Headers {
  return endToEnd(received, ["authorization"]);
}

/** `headers` without connection headers, the headers that `Connection` names, and `others`. */
function endToEnd(headers: Headers, others: readonly string[]): Headers {
  const named = headers.get("connection")?.split(",") ?? [];
  const gone = new Set([...hopByHop, ...others, ...named.map((it) => it.trim().toLowerCase())]);
  return new Headers([...headers].filter(([name]) => !gone.has(name)));
}
