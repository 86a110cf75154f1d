import { done } from "../machine/refusal.ts";
import type { Answer } from "./loopback_server.ts";

/**
 * The response of an API to a request with a valid token. `/api/echo` returns the body, and the method and the
 * `X-` headers as headers. `/api/redirect?to=URL&status=N` redirects, `/api/status/N` returns a status, and
 * `/api/pages?page=N` returns one of three pages. Any other path returns the user. Never the credential.
 */
export async function answerCaller(
  request: Request,
  person: { readonly name: string; readonly email: string },
): Promise<Answer> {
  const { pathname, searchParams: query } = new URL(request.url);
  const [, , place = "", status = "500"] = pathname.split("/");
  const sent = await request.bytes();
  switch (place) {
    case "echo":
      return done(new Response(sent, { headers: echoHeaders(request) }));
    case "redirect": {
      const headers = { location: query.get("to") ?? "" };
      const init = { status: Number(query.get("status") ?? 302), headers };
      return done(new Response("moved\n", init));
    }
    case "status":
      return done(
        status === "304"
          ? new Response(null, { status: 304 })
          : Response.json({ error: "as requested" }, { status: Number(status) }),
      );
    case "pages":
      return done(page(Number(query.get("page") ?? 1)));
    default:
      return done(Response.json({ name: person.name, email: person.email }));
  }
}

function echoHeaders(request: Request): Headers {
  const headers = new Headers(
    [...request.headers].filter(([name]) => /^(x-|content-type)/.test(name)),
  );
  headers.set("x-method", request.method);
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  return headers;
}

/** A page by its number, with `rel` in the forms that RFC 8288 permits. */
function page(number: number): Response {
  const links = [`</api/pages?page=1>; rel=first`];
  if (number < 3) links.push(`</api/pages?page=${number + 1}>; title="a, b"; rel="last next"`);
  return Response.json([number], { headers: { link: links.join(", ") } });
}
