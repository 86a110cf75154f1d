import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { startAuthorizationServer } from "../../fakes/servers/authorization_server.ts";
import { get, post, refresh, refused, signIn, withServer } from "./raw_client.ts";

Deno.test("each fault has its response, the given number of times, and uses no token", () =>
  withServer(async (server) => {
    const { refresh: token } = await signIn(server);
    await server.fault("token", "html", 1);
    match((await refresh(server, token)).text, /<!doctype html>/);
    await server.fault("token", "empty", 1);
    equal((await refresh(server, token)).text, "");
    await server.fault("token", "500", 1);
    equal((await refresh(server, token)).status, 500);
    await server.fault("token", "error:invalid_scope", 1);
    refused(await refresh(server, token), "invalid_scope");
    await server.fault("token", "error:invalid_scope:Too wide: all", 1);
    equal((await refresh(server, token)).json["error_description"], "Too wide: all");
    await server.fault("token", "429:7", 1);
    const busy = await refresh(server, token);
    deepEqual([busy.status, busy.headers.get("retry-after")], [429, "7"]);
    await server.fault("token", "cut", 1);
    await rejects(refresh(server, token));
    await server.fault("token", "huge", 1);
    ok((await refresh(server, token)).text.length > 32 * 1024 * 1024);
    equal((await refresh(server, token)).status, 200);
    equal(server.requests.filter(({ ok }) => !ok).length, 8);
  }));

Deno.test("a lost response has used the refresh token", () =>
  withServer(async (server) => {
    const { refresh: token } = await signIn(server);
    await server.fault("token", "lost", 1);
    await rejects(refresh(server, token));
    equal(server.count("refresh_token"), 1);
    refused(await refresh(server, token), "invalid_grant");
    equal(server.familyRevoked, true);
  }));

Deno.test("a mute server does its work, and closes", async () => {
  const server = await startAuthorizationServer();
  const { refresh: token } = await signIn(server);
  await server.fault("token", "mute", 1);
  const spent = Promise.withResolvers<void>();
  server.onToken = (stage) => stage === "spent" ? spent.resolve() : undefined;
  const waiting = Promise.allSettled([refresh(server, token)]);
  await spent.promise;
  refused(await refresh(server, token), "invalid_grant");
  equal(server.familyRevoked, true);
  await server.close();
  await waiting;
});

Deno.test("a server that refuses connections keeps its state until it listens again", () =>
  withServer(async (server) => {
    const { refresh: token } = await signIn(server);
    await server.fault("token", "refuse");
    await rejects(refresh(server, token), TypeError);
    await server.fault("token", undefined);
    equal((await refresh(server, token)).status, 200);
  }));

Deno.test("an absent endpoint is not in the metadata", () =>
  withServer(async (server) => {
    await server.fault("revoke", "absent");
    const { json } = await get(`${server.issuer}/.well-known/openid-configuration`);
    equal("revocation_endpoint" in json, false);
    equal((await post(server, "revoke", { token: "x" })).status, 404);
  }));

Deno.test("a hanging endpoint does not respond, and the server closes", async () => {
  const server = await startAuthorizationServer();
  await server.fault("api", "hang");
  await rejects(get(server.api, { signal: AbortSignal.timeout(100) }), { name: "TimeoutError" });
  const waiting = Promise.allSettled([get(server.api)]);
  const start = performance.now();
  await server.close();
  await waiting;
  ok(performance.now() - start < 10_000);
});

Deno.test("a delayed response does not keep the server open", async () => {
  const server = await startAuthorizationServer();
  const { refresh: token } = await signIn(server);
  server.delayToken(60_000);
  const spent = Promise.withResolvers<void>();
  server.onToken = (stage) => stage === "spent" ? spent.resolve() : undefined;
  const waiting = Promise.allSettled([refresh(server, token)]);
  await spent.promise;
  const start = performance.now();
  await server.close();
  await waiting;
  ok(performance.now() - start < 10_000);
});
