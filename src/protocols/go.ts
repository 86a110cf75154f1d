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
 * A command in `GOAUTH`: `go help goauth` as of Go 1.24, and `cmd/go/internal/auth`. Go runs it without a
 * word before its first request, and where that fails again with the address as the only word and the
 * answer of the server on stdin. Nobody has been asked for before that, so that the first run gets nothing.
 * A header goes to all addresses that begin with the prefix given, for as long as the run takes.
 */
export const go: Protocol = {
  readsInput: (argv) => argv.length === 1,
  parse,
  fail: stderrFailure,
};

function parse({ argv, input }: Call): Request {
  const [url] = argv;
  if (url === undefined) return { kind: "done", done: emptyReply };
  if (argv.length !== 1) throw new FobError("usage", "go says one word, which is the address");
  const target = targetOfUrl(url);
  if (target === undefined) return { kind: "done", done: emptyReply };
  const prefix = /^[^:]+:\/\/[^/?#]+/.exec(url)?.[0] ?? "";
  return getRequest(
    { target, isRefused: refusesToken(challengesIn(input)) },
    (answer) => stdoutReply(`${prefix}\n\nAuthorization: ${authorization(answer)}\n\n`),
    emptyReply,
  );
}

/** The challenges of an HTTP response's head. */
function challengesIn(response: string): string[] {
  return requireShort(response).split("\n").filter((line) => /^www-authenticate:/i.test(line));
}
