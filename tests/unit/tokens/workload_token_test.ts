import assert from "node:assert/strict";
import fc from "fast-check";
import { FobError } from "../../../src/errors.ts";
import type { WorkloadChoice } from "../../../src/profiles/workload_identity.ts";
import { databricks } from "../../../src/providers/databricks/platform.ts";
import { databricksHooks } from "../../../src/providers/databricks/server.ts";
import { oauthProvider } from "../../../src/providers/oauth_provider.ts";
import { Secret } from "../../../src/secret.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { type WorkloadNeeds, workloadToken } from "../../../src/tokens/workload_token.ts";
import { DatabricksServer } from "../../fakes/servers/databricks_server.ts";
import { serve } from "../oauth/fixture.ts";

/** The services of a workload with the identity token `subject`, with the collected notices and audiences. */
function needsWith(subject: string): WorkloadNeeds & { readonly said: string[] } {
  const clock = systemClock();
  const said: string[] = [];
  return {
    clock,
    said,
    notice: (text) => said.push(text),
    provider: () => {
      const { now } = clock;
      const pause = (): Promise<void> => Promise.resolve();
      return Promise.resolve(oauthProvider(databricks, { fetch, now, pause }, databricksHooks));
    },
    identity: (_source, audience) => {
      said.push(audience);
      return Promise.resolve(new Secret(subject));
    },
  };
}

function secretChoice(host: string, secret: string): WorkloadChoice {
  const target = { host, clientId: "robot", clientSecret: new Secret(secret) };
  return { kind: "workload", source: "A_SECRET", provider: "databricks", target };
}

function identityChoice(host: string, more: Partial<WorkloadChoice> = {}): WorkloadChoice {
  const identity = { kind: "variable", name: "A_TOKEN" } as const;
  const target = { host, clientId: "robot" };
  return { kind: "workload", source: "A_TOKEN", provider: "databricks", target, identity, ...more };
}

Deno.test("the audience of an identity token is the host's, unless it is set", async () => {
  const server = new DatabricksServer();
  try {
    server.trust("a.b.c", "robot");
    const { origin } = server.host;
    const needs = needsWith("a.b.c");
    const { token, expiresAt } = await workloadToken(identityChoice(origin), undefined, needs);
    assert.equal(server.principalOf(token.reveal()), "robot");
    assert.ok(expiresAt !== undefined && expiresAt > Date.now());
    await workloadToken(identityChoice(origin, { audience: "mine" }), undefined, needs);
    assert.deepEqual(needs.said, [`${origin}/oidc/v1/token`, "mine"]);
  } finally {
    await server.close();
  }
});

Deno.test("a refusal names the variable, and a busy server is retried", async () => {
  const server = new DatabricksServer();
  try {
    server.addServicePrincipal("robot", "right");
    const { origin } = server.host;
    await server.fault("token", "503", 2);
    await workloadToken(secretChoice(origin, "right"), undefined, needsWith("-"));
    assert.equal(server.count("client_credentials"), 1);
    await assert.rejects(workloadToken(secretChoice(origin, "wrong"), undefined, needsWith("-")), {
      code: "provider_refused",
      facts: {
        source: "A_SECRET",
        error: "invalid_client",
        reason: "Client authentication failed",
      },
    });
  } finally {
    await server.close();
  }
});

Deno.test("a token that lives shorter than requested is a notice", async () => {
  const server = new DatabricksServer();
  try {
    server.addServicePrincipal("robot", "right");
    const needs = needsWith("-");
    const choice = secretChoice(server.host.origin, "right");
    await workloadToken(choice, 60_000, needs);
    assert.deepEqual(needs.said, []);
    await workloadToken(choice, 86_400_000, needs);
    assert.equal(
      needs.said.join(),
      "This server's tokens live 60 min; --min-ttl asked for 1440 min",
    );
  } finally {
    await server.close();
  }
});

/** Every text of an error and of its causes. */
function texts(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const facts = error instanceof FobError ? JSON.stringify(error.facts) : "";
  return [error.message, facts, Deno.inspect(error), texts(error.cause)].join("\n");
}

Deno.test("no error contains a secret, whatever the server answers", async () => {
  let answer: (sent: string) => Response = () => new Response();
  await using server = serve(async (request) => {
    const { pathname } = new URL(request.url);
    const issuer = `${server.origin}/oidc`;
    if (pathname.endsWith("/token")) return answer(await request.text());
    if (!pathname.endsWith("oauth-authorization-server")) {
      return new Response(null, { status: 404 });
    }
    return Response.json({
      issuer,
      token_endpoint: `${issuer}/v1/token`,
      token_endpoint_auth_methods_supported: ["client_secret_post"],
    });
  });
  const letters = fc.stringMatching(/^[A-Za-z0-9]{12,30}$/);
  const status = fc.constantFrom(200, 400, 401, 403, 500);
  const property = fc.asyncProperty(letters, letters, status, async (secret, subject, status) => {
    const jwt = `head.${subject}.signature`;
    answer = (sent) => {
      const error_description = `No: ${
        Object.fromEntries(new URLSearchParams(sent))["subject_token"]
      } ${sent}`;
      return Response.json({ error: "invalid_client", error_description }, { status });
    };
    for (const choice of [secretChoice(server.origin, secret), identityChoice(server.origin)]) {
      const needs = { ...needsWith(jwt), clock: systemClock() };
      const error = await workloadToken(choice, undefined, needs).catch((it: unknown) => it);
      assert.ok(error instanceof FobError, String(error));
      assert.ok(!texts(error).includes(secret) && !texts(error).includes(subject), texts(error));
    }
  });
  await fc.assert(property, { numRuns: 25 });
});
