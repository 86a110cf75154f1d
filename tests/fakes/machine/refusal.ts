import type { Answer } from "../servers/loopback_server.ts";

/** An error response (RFC 6749 section 5.2, RFC 8628 section 3.5). The message is its `error`. */
export class Refusal extends Error {
  override readonly name: string = "Refusal";
  /** The `error_description`. */
  readonly description: string | undefined;
  readonly status: number;

  constructor(error: string, description?: string, status?: number) {
    super(error);
    this.description = description;
    this.status = status ?? (error === "invalid_client" ? 401 : 400);
  }
}

export function done(response: Response): Answer {
  return { response, ok: response.ok };
}

/** Calls `act` with a posted form. A {@link Refusal} becomes an error response. */
export async function answerForm(
  request: Request,
  act: (sent: URLSearchParams) => Promise<Response> | Response,
): Promise<Answer> {
  if (request.method !== "POST") return done(new Response("Post a form", { status: 405 }));
  try {
    return done(await act(new URLSearchParams(await request.text())));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message, description, status } = error;
    return done(Response.json({ error: message, error_description: description }, { status }));
  }
}

/**
 * Redirects back with the code from `decide`, or with the error of its {@link Refusal} (RFC 6749
 * section 4.1.2, RFC 9207).
 */
export function answerAuthorization(
  request: URLSearchParams,
  issuer: string,
  decide: () => string,
): Answer {
  const target = new URL(request.get("redirect_uri") ?? "");
  const ok = setOutcome(target.searchParams, decide);
  const given = request.get("state");
  if (given !== null) target.searchParams.set("state", given);
  target.searchParams.set("iss", issuer);
  return { response: new Response("", { status: 302, headers: { location: target.href } }), ok };
}

function setOutcome(outcome: URLSearchParams, decide: () => string): boolean {
  try {
    outcome.set("code", decide());
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    outcome.set("error", error.message);
    if (error.description !== undefined) outcome.set("error_description", error.description);
    return false;
  }
}
