import assert from "node:assert/strict";
import { openClient, resourceParameter } from "../../../src/oauth/client.ts";
import { boundedFetch } from "../../../src/oauth/http.ts";
import { present } from "../../../src/present.ts";
import { Secret } from "../../../src/secret.ts";
import { noon, serverAt } from "./fixture.ts";

const needs = { fetch: boundedFetch({ fetch: globalThis.fetch }), now: (): number => noon };

/** The form fields and the header that a client authenticates with. */
async function proofOf(methods: string[] | undefined, clientSecret?: Secret): Promise<string[]> {
  const more = present({ token_endpoint_auth_methods_supported: methods });
  const server = serverAt("https://login.example", more);
  const credentials = clientSecret === undefined
    ? { clientId: "fob" }
    : { clientId: "fob", clientSecret };
  const client = openClient(server, credentials, needs);
  const body = new URLSearchParams();
  const headers = new Headers();
  await client.authentication(client.server, client.registration, body, headers);
  return [...body.keys(), ...headers.keys()];
}

Deno.test("a public client sends its ID and no secret", async () => {
  assert.deepEqual(await proofOf(["client_secret_basic"]), ["client_id"]);
});

Deno.test("a secret is sent in the header, unless the server accepts it only in the body", async () => {
  const secret = new Secret("s3cret");
  const basic = ["authorization"];
  assert.deepEqual(await proofOf(undefined, secret), basic);
  assert.deepEqual(await proofOf(["client_secret_post", "client_secret_basic"], secret), basic);
  assert.deepEqual(await proofOf(["private_key_jwt"], secret), basic);
  assert.deepEqual(await proofOf(["none", "client_secret_post"], secret), [
    "client_id",
    "client_secret",
  ]);
});

Deno.test("the Basic header works with servers that decode it and, for plain characters, with servers that do not", async () => {
  const send = async (clientId: string, secret: string): Promise<string> => {
    const credentials = { clientId, clientSecret: new Secret(secret) };
    const client = openClient(serverAt("https://login.example"), credentials, needs);
    const headers = new Headers();
    await client.authentication(client.server, client.registration, new URLSearchParams(), headers);
    return atob(headers.get("authorization")?.replace(/^Basic /, "") ?? "");
  };
  const uuid = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
  assert.equal(await send(uuid, "a_b.c-1"), `${uuid}:a_b.c-1`);
  const sent = await send("a:b", "s3+ /=%é");
  const decoded = sent.split(":").map((part) => new URLSearchParams(`x=${part}`).get("x"));
  assert.deepEqual(decoded, ["a:b", "s3+ /=%é"]);
});

Deno.test("the resource is sent only if the API named the server", () => {
  const server = serverAt("https://login.example");
  const resource = "https://api.example";
  const credentials = { clientId: "fob" };
  assert.deepEqual(resourceParameter(openClient(server, credentials, needs)), {});
  assert.deepEqual(
    resourceParameter(openClient({ ...server, resource }, credentials, needs)),
    { resource },
  );
});
