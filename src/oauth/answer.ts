import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { foreignText } from "../text/printable.ts";

/** The secrets in a request. */
type Sent = readonly (Secret | undefined)[];

/**
 * Reads the response of an endpoint with `process`, an oauth4webapi function. `endpoint` names the endpoint
 * in messages. A secret of `sent` that the server repeats in an error is replaced by `[secret]`.
 *
 * - `provider_unreachable`    HTTP 5xx or 429: a later request may succeed
 * - `provider_refused`        an OAuth error (RFC 6749 section 5.2), with the facts `error` and `reason`,
 *                             with any status: GitHub sends them with 200
 * - `provider_answer_invalid` any other invalid response
 *
 * Errors of oauth4webapi contain the body, including tokens, so they are never a `cause`.
 */
export async function readAnswer<T>(
  endpoint: string,
  response: Response,
  process: (response: Response) => Promise<T>,
  sent: Sent = [],
): Promise<T> {
  const body = await response.clone().text();
  if (response.status >= 400) throw refusal(endpoint, response, body, sent);
  try {
    return await process(response);
  } catch (error) {
    const answer = jsonObject(body, sent);
    if (isRefusal(answer)) throw oauthError(endpoint, answer);
    const fault = answer === undefined
      ? notJson(response, body)
      : `, but ${error instanceof Error ? foreignText(error.message) : "the response is invalid"}`;
    throw invalid(endpoint, response, fault);
  }
}

function refusal(endpoint: string, response: Response, body: string, sent: Sent): FobError {
  const { status } = response;
  if (status >= 500 || status === 429) {
    return new FobError("provider_unreachable", `${endpoint} answered HTTP ${status}`);
  }
  const answer = jsonObject(body, sent);
  if (isRefusal(answer)) return oauthError(endpoint, answer);
  return invalid(endpoint, response, answer ? " without an error code" : notJson(response, body));
}

/** An error response, RFC 6749 sections 4.1.2.1 and 5.2. Its source is not verified. */
export interface ErrorAnswer {
  readonly error: string;
  readonly error_description?: unknown;
  /** The new polling interval in seconds, which GitHub adds to `slow_down`. */
  readonly interval?: unknown;
}

/** The error for a server's error code, with its description if the server sent one. */
export function oauthError(who: string, answer: ErrorAnswer): FobError {
  const { error_description: description, interval } = answer;
  const error = foreignText(answer.error);
  const reason = typeof description === "string" ? foreignText(description) : "";
  const detail = reason === "" ? "" : `: "${reason}"`;
  return new FobError("provider_refused", `${who} answered "${error}"${detail}`, {
    facts: {
      error,
      ...(reason === "" ? {} : { reason }),
      ...(typeof interval === "number" ? { interval: String(interval) } : {}),
    },
  });
}

function isRefusal(answer: object | undefined): answer is ErrorAnswer {
  return answer !== undefined && "error" in answer && typeof answer.error === "string" &&
    answer.error !== "";
}

function invalid(endpoint: string, response: Response, fault: string): FobError {
  const message = `${endpoint} answered HTTP ${response.status}${fault}`;
  return new FobError("provider_answer_invalid", message);
}

function notJson(response: Response, body: string): string {
  if (body === "") return " with an empty body";
  return ` with ${contentType(response)}, not JSON`;
}

/** The content type of a response, for messages. */
export function contentType(response: Response): string {
  const type = response.headers.get("content-type")?.split(";")[0];
  return type === undefined ? "no content type" : `"${foreignText(type)}"`;
}

/** The JSON object in `text`, with each value of `sent` replaced by `[secret]` in its strings. */
function jsonObject(text: string, sent: Sent): object | undefined {
  const values = sent.map((secret) => secret?.reveal() ?? "").filter((value) => value !== "");
  const clean = (_: string, value: unknown): unknown =>
    typeof value === "string"
      ? values.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), value)
      : value;
  try {
    const value: unknown = JSON.parse(text, clean);
    return typeof value === "object" && value ? value : undefined;
  } catch {
    return undefined;
  }
}
