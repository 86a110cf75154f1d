import assert from "node:assert/strict";
import type { ClientCredential } from "../../../src/credentials/credential.ts";
import { Secret } from "../../../src/secret.ts";
import { TokenMachine } from "../../fakes/machine/token_machine.ts";
import { loginWith, minute, noon, revealed, tokensOf } from "../../fakes/stores/credentials.ts";

const { refreshToken: _none, ...tokens } = tokensOf(1);
const robot: ClientCredential = {
  ...loginWith(tokens),
  kind: "client",
  clientId: "robot",
  clientSecret: new Secret("s-1"),
};

Deno.test("a fresh token of client credentials costs one read", async () => {
  const machine = await TokenMachine.with(robot, noon);
  assert.equal(await machine.token(), "at-1");
  assert.deepEqual(machine.log, ["get"]);
});

Deno.test("client credentials request the next token once, and store it", async () => {
  const machine = await TokenMachine.with(robot, noon + 61 * minute);
  assert.equal(await machine.token(), "at-2");
  assert.deepEqual(machine.log, [
    "get",
    "take",
    "get",
    "assertWritable",
    "authenticate s-1",
    "set",
    "release",
  ]);
  const kept = await machine.kept() as { kind: string; clientSecret: string };
  assert.deepEqual([kept.kind, kept.clientSecret], ["client", "s-1"]);
});

Deno.test("a refused client secret needs a new sign-in, and stays stored", async () => {
  const machine = await TokenMachine.with(robot, noon + 61 * minute);
  machine.refuse("provider_refused", "wrong secret");
  await assert.rejects(machine.token(), {
    code: "sign_in_again",
    message: 'The login of "work" is no longer valid: wrong secret',
  });
  assert.deepEqual(await machine.kept(), revealed(robot));
});

Deno.test("an unreachable server is a notice while the token is valid, and an error after", async () => {
  const near = await TokenMachine.with(robot, noon + 59 * minute);
  near.refuse("provider_unreachable");
  assert.equal(await near.token(), "at-1");
  assert.equal(near.notices.length, 1);
  const after = await TokenMachine.with(robot, noon + 61 * minute);
  after.refuse("provider_unreachable");
  await assert.rejects(after.token(), { code: "provider_unreachable" });
});
