import type { Secret } from "../secret.ts";
import { isSecret } from "./local_key.ts";

/** What is about one connection (RFC 9110 section 7.6.1, and what is older than that). */
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

/** Where tools put the key of an API. */
const keyHeaders = ["authorization", "x-api-key", "x-goog-api-key"];

/** What follows from the address and the body, or is asked for by fob itself. */
const own = ["host", "content-length", "accept-encoding", "expect"];

/** Whether one of the headers carries `key`, as those that carry an API's key do. */
export function hasKey(headers: Headers, key: Secret): boolean {
  return keyHeaders.some((name) => {
    const value = headers.get(name) ?? "";
    return isSecret(name === "authorization" ? value.replace(/^Bearer +/i, "") : value, key);
  });
}

/** The headers of a request as they go on: no credentials but `authorization`, and nothing that holds `key`. */
export function requestHeaders(sent: Headers, key: Secret, authorization: string): Headers {
  const headers = endToEnd(sent, [...keyHeaders, ...own]);
  for (const [name, value] of [...headers]) {
    if (value.includes(key.reveal())) headers.delete(name);
  }
  headers.set("authorization", authorization);
  return headers;
}

/** The headers of an answer as they go back. */
export function answerHeaders(received: Headers): Headers {
  return endToEnd(received, ["authorization"]);
}

/** `headers` without those of the connection, those that `Connection` names, and `others`. */
function endToEnd(headers: Headers, others: readonly string[]): Headers {
  const named = headers.get("connection")?.split(",") ?? [];
  const gone = new Set([...hopByHop, ...others, ...named.map((it) => it.trim().toLowerCase())]);
  return new Headers([...headers].filter(([name]) => !gone.has(name)));
}
