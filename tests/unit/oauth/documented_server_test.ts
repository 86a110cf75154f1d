import assert from "node:assert/strict";
import { documentedServer } from "../../../src/oauth/documented_server.ts";
import { failure } from "./fixture.ts";

const endpoints = {
  issuer: "https://login.example",
  authorization_endpoint: "https://login.example/authorize",
  token_endpoint: "https://login.example/token",
};

Deno.test("a server without metadata has its documented endpoints", () => {
  assert.deepEqual(documentedServer(endpoints), { metadata: endpoints, openid: false });
});

Deno.test("a documented endpoint gets the same checks as a discovered one", async () => {
  const names = [
    "authorization_endpoint",
    "token_endpoint",
    "device_authorization_endpoint",
    "pushed_authorization_request_endpoint",
    "revocation_endpoint",
  ];
  const insecure = [
    "http://login.example/x",
    "http://127.0.0.1/x",
    "https://ada:word@login.example/x",
    "https://login.example/x#y",
    "javascript:alert(1)",
    "",
  ];
  for (const name of names) {
    for (const url of insecure) {
      const error = await failure(
        "provider_answer_invalid",
        () => documentedServer({ ...endpoints, [name]: url }),
      );
      assert.match(error.message, new RegExp(`^The ${name} "`));
    }
  }
});

Deno.test("an insecure issuer is refused, an issuer on this computer is accepted", async () => {
  await failure("usage", () => documentedServer({ ...endpoints, issuer: "http://login.example" }));
  const origin = "http://127.0.0.1:4000";
  const local = documentedServer({ issuer: origin, token_endpoint: `${origin}/token` });
  assert.equal(local.metadata.token_endpoint, `${origin}/token`);
});
