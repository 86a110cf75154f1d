import assert from "node:assert/strict";
import fc from "fast-check";
import { FobError } from "../../../src/errors.ts";
import type { Answer, Protocol, Reply, Request } from "../../../src/protocols/protocol.ts";
import { Secret } from "../../../src/secret.ts";
import { answers, canary, protocols } from "./protocol_calls.ts";
import { runs } from "./runs.ts";

/** The result of `work`, or the error reply for the tool. Any other error fails the test. */
function attempt<T>(protocol: Protocol, work: () => T): T | Reply {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return protocol.fail(error.message);
  }
}

/** All possible outputs of `protocol` for `request`. */
function repliesTo(protocol: Protocol, request: Request | Reply, answer: Answer): Reply[] {
  if (!("kind" in request)) return [request];
  if (request.kind === "get") {
    return [request.miss, attempt(protocol, () => request.reply(answer))];
  }
  if (request.kind === "list") {
    const entries = ["a.example", "b.example"].map((it) => ({ host: `https://${it}` }));
    return [request.reply(entries)];
  }
  if (request.kind === "forget") return [request.done, request.miss];
  return request.kind === "pass" ? [] : [request.done];
}

/**
 * Whether the credential of `host` may be sent for the call `asked`. Does not use the code of the
 * protocols.
 */
function isAsked(asked: string, host: string): boolean {
  const { host: mine } = new URL(host);
  return asked.toLowerCase().includes(mine);
}

for (const [name, protocol, calls] of protocols) {
  Deno.test(`${name}: any call and reply gives lines of text`, () => {
    fc.assert(
      fc.property(calls, answers, (call, answer) => {
        const request = attempt(protocol, () => protocol.parse(call));
        for (const { stdout, stderr, exitCode } of repliesTo(protocol, request, answer)) {
          assert.doesNotMatch(stdout, /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
          assert.match(stderr, /^(\P{Cc}+\n)?$/u);
          assert.ok(exitCode === 0 || exitCode === 1);
          assert.ok(!stderr.includes(canary));
        }
      }),
      runs(600),
    );
  });

  Deno.test(`${name}: a credential is returned only for the requested host`, () => {
    fc.assert(
      fc.property(calls, answers, (call, answer) => {
        const request = attempt(protocol, () => protocol.parse(call));
        const replies = repliesTo(protocol, request, answer);
        const isSaid = replies.some(({ stdout }) => stdout.includes(canary));
        if (!isSaid || !("kind" in request) || request.kind !== "get") return assert.ok(!isSaid);
        if (request.target === undefined) {
          return assert.ok(["kubectl", "pnpm"].includes(name));
        }
        const asked = [...call.argv, call.input, ...Object.values(call.environment)].join(" ");
        assert.ok(answer.host !== undefined && isAsked(asked, answer.host), asked);
      }),
      runs(600),
    );
  });

  Deno.test(`${name}: foreign text throws only a FobError`, () => {
    const bytes = fc.string({ unit: "binary" });
    const anything = fc.record({
      argv: fc.array(bytes, { maxLength: 3 }),
      input: bytes,
      environment: fc.record({ KUBERNETES_EXEC_INFO: bytes }),
    });
    fc.assert(
      fc.property(anything, (call) => {
        const request = attempt(protocol, () => protocol.parse(call));
        if (!("kind" in request)) assert.ok(request.stdout + request.stderr !== "");
      }),
      runs(100),
    );
  });
}

Deno.test("a valid call returns the credential, as the other tests assume", () => {
  for (const [name, protocol, calls] of protocols) {
    const said = fc.sample(calls, 3000).filter((call) => {
      const request = attempt(protocol, () => protocol.parse(call));
      const answer = { secret: new Secret(canary), host: "https://a.example" };
      return repliesTo(protocol, request, answer).some(({ stdout }) => stdout.includes(canary));
    });
    assert.ok(said.length > 30, `${name}: ${said.length}`);
  }
});
