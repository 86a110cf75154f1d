import { FobError } from "../errors.ts";
import { authorization, refusesToken } from "./authorization.ts";
import { requireShort } from "./input.ts";
import {
  type Call,
  emptyReply,
  getRequest,
  type Protocol,
  type Request,
  stderrFailure,
  stdoutReply,
} from "./protocol.ts";
import { targetOfUrl } from "./target.ts";

/**
 * A command in `GOAUTH`: `go help goauth` as of Go 1.24, and `cmd/go/internal/auth`. Go runs it without
 * arguments before its first request. If a request fails, Go runs it again with the URL as its only argument and
 * the response on stdin. The first run names no host, so its reply is empty. Go sends a header to every URL with
 * the given prefix until the run ends.
 */
export const go: Protocol = {
  readsInput: (argv) => argv.length === 1,
  parse,
  fail: stderrFailure,
};

function parse({ argv, input }: Call): Request {
  const [url] = argv;
  if (url === undefined) return { kind: "done", done: emptyReply };
  if (argv.length !== 1) throw new FobError("usage", "Go passes one argument: the URL");
  const target = targetOfUrl(url);
  if (target === undefined) return { kind: "done", done: emptyReply };
  const prefix = /^[^:]+:\/\/[^/?#]+/.exec(url)?.[0] ?? "";
  return getRequest(
    { target, isRefused: refusesToken(challengesIn(input)) },
    (answer) => stdoutReply(`${prefix}\n\nAuthorization: ${authorization(answer)}\n\n`),
    emptyReply,
  );
}

/** The challenges in the headers of an HTTP response. */
function challengesIn(response: string): string[] {
  return requireShort(response).split("\n").filter((line) => /^www-authenticate:/i.test(line));
}
