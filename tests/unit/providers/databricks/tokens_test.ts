import assert from "node:assert/strict";
import { FobError } from "../../../../src/errors.ts";
import { databricksTokens } from "../../../../src/providers/databricks/tokens.ts";
import type { TokenIssuer } from "../../../../src/providers/token_issuer.ts";
import { Secret } from "../../../../src/secret.ts";
import { DatabricksServer } from "../../../fakes/servers/databricks_server.ts";
import { minute, noon } from "../../../fakes/stores/credentials.ts";

const root = new Secret("dapi-root");

async function withIssuer(
  body: (issuer: TokenIssuer, server: DatabricksServer) => Promise<void>,
): Promise<void> {
  const server = new DatabricksServer({ now: () => noon });
  server.addToken({ comment: "by hand" }, root.reveal());
  const issuer = databricksTokens(server.host.origin, { fetch, now: () => noon, timeLimit: 5_000 });
  try {
    await body(issuer, server);
  } finally {
    await server.close();
  }
}

Deno.test("a token can be created, listed, identified and revoked", () =>
  withIssuer(async (issuer, server) => {
    assert.equal(await issuer.identify(root), "ada@example.com");
    const made = await issuer.mint(root, { comment: "c", lifetime: 15 * minute });
    assert.equal(made.expiresAt, noon + 15 * minute);
    assert.equal(server.principalOf(made.token.reveal()), "ada@example.com");
    assert.deepEqual((await issuer.list(root)).find(({ id }) => id === made.id), {
      id: made.id,
      comment: "c",
      expiresAt: made.expiresAt,
    });
    await issuer.revoke(made.token, made.id);
    assert.equal(server.principalOf(made.token.reveal()), undefined);
  }));

Deno.test("revoking a missing token succeeds, and a missing API is an error", () =>
  withIssuer(async (issuer, server) => {
    await issuer.revoke(root, "missing");
    await server.fault("token_delete", "absent");
    await assert.rejects(issuer.revoke(root, "x"), { code: "provider_refused" });
  }));

Deno.test("the expiry of a token is by this computer's clock", () =>
  withIssuer(async (issuer, server) => {
    server.clock(-7200);
    const made = await issuer.mint(root, { comment: "", lifetime: minute });
    assert.equal(made.expiresAt, noon + minute);
  }));

const faults = [
  ["500", "provider_unreachable", { status: "500" }],
  ["429:7", "provider_unreachable", { status: "429", retry_after: "7" }],
  ["refuse", "provider_unreachable", {}],
  ["401", "provider_refused", { status: "401" }],
  ["403", "provider_refused", { status: "403" }],
  ["html", "provider_answer_invalid", {}],
  ["empty", "provider_answer_invalid", {}],
  ["302", "provider_answer_invalid", { status: "302" }],
] as const;

for (const [fault, code, facts] of faults) {
  Deno.test(`fault ${fault} is ${code} for every call`, () =>
    withIssuer(async (issuer, server) => {
      const calls = {
        me: () => issuer.identify(root),
        token_create: () => issuer.mint(root, { comment: "", lifetime: minute }),
        token_list: () => issuer.list(root),
        token_delete: () => issuer.revoke(root, "x"),
      } as const;
      for (const [route, call] of Object.entries(calls)) {
        await server.fault(route as keyof typeof calls, fault);
        await assert.rejects(call(), (error) => {
          assert.ok(error instanceof FobError);
          assert.deepEqual([error.code, error.facts], [code, facts]);
          return true;
        });
        await server.fault(route as keyof typeof calls, undefined);
      }
    }));
}

Deno.test("the error for an invalid answer does not contain a token from it", async () => {
  const body = { token_value: "dapi-canary", token_info: {}, message: "dapi-canary" };
  for (const status of [200, 400, 500]) {
    const issuer = databricksTokens("https://h.example", {
      fetch: () =>
        Promise.resolve(Response.json({ ...body, error_code: "dapi-canary" }, { status })),
      now: () => noon,
    });
    await assert.rejects(issuer.mint(root, { comment: "", lifetime: 1 }), (error) => {
      assert.doesNotMatch(Deno.inspect(error, { depth: 9 }), /canary/);
      return true;
    });
  }
});

Deno.test("a user name with unprintable characters is rejected", async () => {
  const issuer = databricksTokens("https://h.example", {
    fetch: () => Promise.resolve(Response.json({ userName: "ada\u202e@example.com" })),
    now: () => noon,
  });
  await assert.rejects(issuer.identify(root), { code: "provider_answer_invalid" });
});
