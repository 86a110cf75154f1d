import { FobError } from "../errors.ts";
import { foreignText } from "./foreign_text.ts";

/**
 * Reads an endpoint's answer with `process`, one of oauth4webapi's. `endpoint` names it in messages.
 *
 * - `provider_unreachable`    HTTP 5xx or 429: asking again later may help
 * - `provider_refused`        an OAuth error (RFC 6749 section 5.2), with the facts `error` and `reason`
 * - `provider_answer_invalid` anything else that is not what was asked for
 *
 * oauth4webapi's own errors hold the body, tokens included, so none of them becomes a `cause`.
 */
export async function readAnswer<T>(
  endpoint: string,
  response: Response,
  process: (response: Response) => Promise<T>,
): Promise<T> {
  const body = await response.clone().text();
  if (response.status >= 400) throw refusal(endpoint, response, body);
  try {
    return await process(response);
  } catch (error) {
    const fault = jsonObject(body) === undefined
      ? notJson(response, body)
      : `, but ${error instanceof Error ? foreignText(error.message) : "not as it should"}`;
    throw invalid(endpoint, response, fault);
  }
}

function refusal(endpoint: string, response: Response, body: string): FobError {
  const { status } = response;
  if (status >= 500 || status === 429) {
    return new FobError("provider_unreachable", `${endpoint} answered HTTP ${status}`);
  }
  const answer = jsonObject(body);
  if (typeof answer?.error !== "string") {
    return invalid(endpoint, response, answer ? " without an error code" : notJson(response, body));
  }
  return oauthError(endpoint, answer.error, answer.error_description);
}

/** An error that the server names by a code of RFC 6749, with its description where it gave one. */
export function oauthError(who: string, code: string, description: unknown): FobError {
  const error = foreignText(code);
  const reason = typeof description === "string" ? foreignText(description) : "";
  const detail = reason === "" ? "" : `: "${reason}"`;
  return new FobError("provider_refused", `${who} answered "${error}"${detail}`, {
    facts: reason === "" ? { error } : { error, reason },
  });
}

function invalid(endpoint: string, response: Response, fault: string): FobError {
  const message = `${endpoint} answered HTTP ${response.status}${fault}`;
  return new FobError("provider_answer_invalid", message);
}

function notJson(response: Response, body: string): string {
  if (body === "") return " with an empty body";
  return ` with ${contentType(response)}, not JSON`;
}

/** What a response says that it is, for messages. */
export function contentType(response: Response): string {
  const type = response.headers.get("content-type")?.split(";")[0];
  return type === undefined ? "no content type" : `"${foreignText(type)}"`;
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
