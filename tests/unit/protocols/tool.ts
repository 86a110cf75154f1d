import assert from "node:assert/strict";
import type { Answer, GetRequest, Protocol, Request } from "../../../src/protocols/protocol.ts";
import { Secret } from "../../../src/secret.ts";

/** What `protocol` understands of what a tool says. */
export function parse(
  protocol: Protocol,
  argv: readonly string[],
  input = "",
  environment: Readonly<Record<string, string>> = {},
): Request {
  return protocol.parse({ argv, input, environment });
}

/** The same, where it is a get. */
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

/** 2030-01-02T03:04:05Z, and something more. */
export const soon = Date.UTC(2030, 0, 2, 3, 4, 5, 678);

/** A token as a provider issues it, for `host`. */
export function issued(host: string, more: Partial<Answer> = {}): Answer {
  return { secret: new Secret("at-1"), tokenType: "Bearer", host, ...more };
}

/** What a tool gave for `host`, and gets back. */
export function given(host: string, secret: string, more: Partial<Answer> = {}): Answer {
  return { secret: new Secret(secret), host, ...more };
}

/** The reply that says `stdout` and that all is well. */
export function printed(stdout: string): { stdout: string; stderr: string; exitCode: number } {
  return { stdout, stderr: "", exitCode: 0 };
}

/** What a request is about, without what it replies; the secret in it can be read. */
export function summary(request: Request): Record<string, unknown> {
  const { reply: _, miss: _miss, done: _done, secret, ...rest } = request as
    & Record<string, unknown>
    & { secret?: Secret };
  return secret === undefined ? rest : { ...rest, secret: secret.reveal() };
}
