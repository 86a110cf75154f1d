/**
 * The faults of an endpoint:
 * - `html`        200 with a web page, as a captive portal sends
 * - `empty`       200 with an empty body
 * - `huge`        200 with 32 MiB of JSON that never closes
 * - `hang`        no response until the server closes
 * - `cut`         the connection ends in the middle of the response
 * - `lost`        the endpoint does its work, then its response is `cut`
 * - `mute`        the endpoint does its work, then does not respond until the server closes
 * - `other`       the endpoint does its work, then returns 200 with an unexpected JSON object
 * - `absent`      404, and the metadata does not name the endpoint
 * - `refuse`      the listener is closed: no connection to any endpoint
 * - `500`         that status without an OAuth error; any other status likewise
 * - `429:2`       that status, and `Retry-After: 2`
 * - `error:CODE`  an OAuth error with that code (RFC 6749 section 5.2); `error:CODE:TEXT` adds a description
 */
export type Fault =
  | "html"
  | "empty"
  | "huge"
  | "hang"
  | "cut"
  | "lost"
  | "mute"
  | "other"
  | "absent"
  | "refuse"
  | `${number}`
  | `${number}:${number}`
  | `error:${string}`;

export function isFault(word: string): word is Fault {
  return /^(html|empty|huge|hang|cut|lost|mute|other|absent|refuse|[1-5]\d\d(:\d+)?|error:\w+(:.+)?)$/
    .test(word);
}

/** The response that replaces the endpoint's own. `closed` settles when the server closes. */
export async function faultyAnswer(fault: Fault, closed: Promise<void>): Promise<Response> {
  switch (fault) {
    case "html":
      return page("<!doctype html><title>Welcome</title><p>Accept the terms to go online", 200);
    case "empty":
      return new Response("", { headers: { "content-type": "application/json" } });
    case "huge":
      return endless();
    case "hang":
    case "mute":
      await closed;
      return new Response("", { status: 503 });
    case "cut":
    case "lost":
      return cut();
    case "other":
      return Response.json({ note: "unexpected" });
    case "absent":
    case "refuse":
      return new Response("Not Found", { status: 404 });
    default:
      return fault.startsWith("error:") ? oauthError(fault) : failure(fault);
  }
}

function oauthError(fault: string): Response {
  const [, error, ...description] = fault.split(":");
  const text = description.length === 0 ? undefined : description.join(":");
  return Response.json({ error, error_description: text }, { status: 400 });
}

function failure(fault: string): Response {
  const [status = "", retryAfter] = fault.split(":");
  const response = page(`<!doctype html><title>${status}</title>`, Number(status));
  if (retryAfter !== undefined) response.headers.set("retry-after", retryAfter);
  return response;
}

function page(html: string, status: number): Response {
  return new Response(html, { status, headers: { "content-type": "text/html; charset=utf-8" } });
}

function endless(): Response {
  const filler = new TextEncoder().encode("x".repeat(65536));
  let left = 512;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"access_token":"')),
    pull: (controller) => left-- > 0 ? controller.enqueue(filler) : controller.close(),
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

function cut(): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"access_')),
    pull: (controller) => controller.error(new Error("The response is cut")),
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}
