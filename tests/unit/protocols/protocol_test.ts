import assert from "node:assert/strict";
import { present } from "../../../src/present.ts";
import {
  type Answer,
  emptyReply,
  getRequest,
  stderrFailure,
  stdoutReply,
} from "../../../src/protocols/protocol.ts";
import { targetOfText } from "../../../src/protocols/target.ts";
import { Secret } from "../../../src/secret.ts";
import { issued } from "./tool.ts";

function request(asked: string, username?: string): ReturnType<typeof getRequest> {
  const target = targetOfText(asked);
  assert.ok(target !== undefined);
  const who = present({ username });
  return getRequest({ target, ...who }, ({ secret }) => stdoutReply(secret.reveal()), emptyReply);
}

Deno.test("an answer for another host is refused", () => {
  const { reply } = request("https://api.example:8443");
  assert.equal(reply(issued("https://API.example:8443/path")).stdout, "at-1");
  const foreign = [
    "https://api.example",
    "https://api.example:8443.evil.example",
    "api.example:8443",
  ];
  for (const host of foreign) {
    assert.throws(() => reply(issued(host)), {
      code: "failed",
      message: 'The credential is not for "https://api.example:8443"',
    });
  }
});

Deno.test("an answer without a host is refused for a request with a target", () => {
  const nobodys: Answer = { secret: new Secret("at-1"), tokenType: "Bearer" };
  assert.throws(() => request("https://api.example").reply(nobodys), { code: "failed" });
  const unasked = getRequest({}, ({ secret }) => stdoutReply(secret.reveal()), emptyReply);
  assert.equal(unasked.reply(nobodys).stdout, "at-1");
  assert.equal(unasked.reply(issued("https://api.example")).stdout, "at-1");
});

Deno.test("an answer for another user is refused", () => {
  const host = "https://api.example";
  const { reply } = request(host, "me");
  assert.equal(reply(issued(host)).stdout, "at-1");
  assert.equal(reply(issued(host, { username: "me" })).stdout, "at-1");
  assert.throws(() => reply(issued(host, { username: "you" })), { code: "failed" });
});

Deno.test("an answer with control characters, or an empty one, is refused", () => {
  const host = "https://api.example";
  const { reply } = request(host);
  const secret = new Secret("at-1");
  const unfit = "\0 \n \r \x1b \x7f \x85 \u2028 \u2029 \ud800 \ufffd".split(" ");
  const answers: Partial<Answer>[] = unfit.flatMap((it) => [
    { secret: new Secret(`a${it}b`) },
    { username: `a${it}b` },
    { tokenType: `a${it}b` },
  ]);
  for (const more of [...answers, { secret: new Secret("") }]) {
    assert.throws(() => reply(issued(host, more)), {
      code: "provider_answer_invalid",
      message: "The credential is empty or contains control characters",
    });
  }
  assert.equal(reply(issued(host, { secret, username: "Zoë 🔑" })).stdout, "at-1");
});

Deno.test("an error message contains no escape sequences (CVE-2024-50349)", () => {
  const { stdout, stderr, exitCode } = stderrFailure('no \x1b[2K\x9b1A\r\nhost \u202e"\x07 here');
  assert.equal(stderr, 'fob: no [2K 1A host " here\n');
  assert.deepEqual([stdout, exitCode], ["", 1]);
  assert.ok(stderrFailure("x".repeat(5000)).stderr.length < 1100);
});
