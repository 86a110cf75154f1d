import assert from "node:assert/strict";
import type { Answer, GetRequest, Protocol, Request } from "../../../src/protocols/protocol.ts";
import { Secret } from "../../../src/secret.ts";

/** The request that `protocol` parses from a call. */
export function parse(
  protocol: Protocol,
  argv: readonly string[],
  input = "",
  environment: Readonly<Record<string, string>> = {},
): Request {
  return protocol.parse({ argv, input, environment });
}

/** The same for a get request; fails for any other. */
export function parseGet(
  protocol: Protocol,
  argv: readonly string[],
  input = "",
  environment: Readonly<Record<string, string>> = {},
): GetRequest {
  const request = parse(protocol, argv, input, environment);
  assert.ok(request.kind === "get", `The request is a ${request.kind}`);
  return request;
}

/** 2030-01-02T03:04:05.678Z. */
export const soon = Date.UTC(2030, 0, 2, 3, 4, 5, 678);

/** A token from a provider for `host`. */
export function issued(host: string, more: Partial<Answer> = {}): Answer {
  return { secret: new Secret("at-1"), tokenType: "Bearer", host, ...more };
}

/** A secret that a tool stored for `host`. */
export function given(host: string, secret: string, more: Partial<Answer> = {}): Answer {
  return { secret: new Secret(secret), host, ...more };
}

/** A successful reply with `stdout`. */
export function printed(stdout: string): { stdout: string; stderr: string; exitCode: number } {
  return { stdout, stderr: "", exitCode: 0 };
}

/** A request without its replies, and with its secret revealed. */
export function summary(request: Request): Record<string, unknown> {
  const { reply: _, miss: _miss, done: _done, secret, ...rest } = request as
    & Record<string, unknown>
    & { secret?: Secret };
  return secret === undefined ? rest : { ...rest, secret: secret.reveal() };
}
