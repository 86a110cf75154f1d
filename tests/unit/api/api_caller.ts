import type { ApiRequestNeeds } from "../../../src/api/sender.ts";
import { FobError } from "../../../src/errors.ts";
import type { SentRequest } from "../../../src/system/transfer.ts";

/** A request as the network of a test received it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** The network and the login of a test. Fresh tokens are numbered up to `tokens`. */
export function caller(
  serve: (seen: Seen, index: number) => Response,
  tokens = 9,
): { seen: Seen[]; traced: string[]; needs: ApiRequestNeeds; given: () => number } {
  const seen: Seen[] = [];
  const traced: string[] = [];
  let given = 0;
  const needs: ApiRequestNeeds = {
    fetch: async (url: URL, { method, headers, body }: SentRequest) => {
      const text = body === undefined ? undefined : await new Response(body).text();
      const authorization = headers.get("authorization");
      seen.push({ method, url: url.href, authorization, headers, body: text });
      return serve(seen.at(-1)!, seen.length - 1);
    },
    authorization: (fresh) => {
      if (given === 0 || fresh) given = Math.min(given + 1, tokens);
      return Promise.resolve(`Bearer at-${given}`);
    },
    clock: { now: () => 1000 },
    trace: (text) => void traced.push(text),
  };
  return { seen, traced, needs, given: () => given };
}

/** A body with `text`. Without `repeatable`, opening it twice fails. */
export function bodyOf(text: string, repeatable = true): {
  repeatable: boolean;
  open: () => Promise<string>;
} {
  let opened = 0;
  const open = (): Promise<string> => {
    if (!repeatable && opened++ > 0) throw new FobError("failed", "It was read twice");
    return Promise.resolve(text);
  };
  return { repeatable, open };
}

/** A redirect to `location`. */
export function redirect(status: number, location: string): Response {
  return new Response("moved", { status, headers: { location } });
}
