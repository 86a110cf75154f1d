import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { TokenStage } from "../../fakes/servers/authorization_server.ts";
import {
  authorize,
  exchange,
  get,
  poll,
  post,
  refresh,
  refused,
  signIn,
  startDevice,
  withServer,
} from "./raw_client.ts";

Deno.test("API and origin have metadata that names the server", () =>
  withServer(async (server) => {
    for (const path of ["", "/api"]) {
      const { json } = await get(`${server.issuer}/.well-known/oauth-protected-resource${path}`);
      equal(json["resource"], server.issuer + path);
      deepEqual(json["authorization_servers"], [server.issuer]);
    }
    const { status, headers } = await get(server.api);
    equal(status, 401);
    match(headers.get("www-authenticate") ?? "", /oauth-protected-resource\/api"/);
  }));

Deno.test("a denied authorization returns access_denied", () =>
  withServer(async (server) => {
    server.deny();
    const callback = await authorize(server, { state: "s-2" });
    equal(callback.searchParams.get("error"), "access_denied");
    equal(callback.searchParams.get("state"), "s-2");
  }));

Deno.test("tokens are granted only for the server's own resources", () =>
  withServer(async (server) => {
    const wrong = await authorize(server, { resource: "https://other.example" });
    equal(wrong.searchParams.get("error"), "invalid_target");
    const callback = await authorize(server, { resource: server.api });
    refused(await exchange(server, callback, { resource: `${server.api}2` }), "invalid_target");
    equal((await exchange(server, callback, { resource: server.api })).status, 200);
  }));

Deno.test("one of many concurrent refreshes succeeds", () =>
  withServer(async (server) => {
    const first = await signIn(server);
    server.delayToken(20);
    const all = await Promise.all(Array.from({ length: 8 }, () => refresh(server, first.refresh)));
    equal(all.filter(({ status }) => status === 200).length, 1);
    equal(server.count("refresh_token"), 1);
    equal(server.familyRevoked, true);
  }));

Deno.test("a device that polls too soon gets slow_down", () =>
  withServer(async (server) => {
    server.deviceApproveAfter(1);
    const device = await startDevice(server);
    refused(await poll(server, device), "authorization_pending");
    refused(await poll(server, device), "slow_down");
    equal(server.count("device_code"), 0);
  }));

Deno.test("a device code expires by the server's clock or is denied", () =>
  withServer(async (server) => {
    const device = await startDevice(server);
    server.clock(61);
    refused(await poll(server, device), "expired_token");
    const other = await startDevice(server);
    server.deny();
    refused(await poll(server, other), "access_denied");
  }, { deviceInterval: 0, deviceLifetime: 60 }));

Deno.test("access tokens expire by the clock in the Date header", () =>
  withServer(async (server) => {
    server.lifetime(60);
    const { access } = await signIn(server);
    server.clock(50);
    ok(server.isActive(access));
    server.clock(70);
    equal(server.isActive(access), false);
    const { headers } = await get(`${server.issuer}/device`);
    const ahead = Date.parse(headers.get("date") ?? "") - Date.now();
    ok(ahead > 60_000 && ahead < 80_000, `${ahead} ms`);
  }));

Deno.test("the hook is called before and after a refresh token is used, and after the response", () =>
  withServer(async (server) => {
    const { refresh: token } = await signIn(server);
    const seen: [TokenStage, string, number][] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    server.onToken = async (stage, grant) => {
      await Promise.resolve();
      seen.push([stage, grant, server.count("refresh_token")]);
      if (stage === "answered") resolve();
    };
    await refresh(server, token);
    await promise;
    deepEqual(seen.map(([stage]) => stage), ["received", "spent", "answered"]);
    deepEqual(seen.map(([, , count]) => count), [0, 0, 1]);
  }));

Deno.test("only a trusted token is exchanged, with or without a client", () =>
  withServer(async (server) => {
    const form = {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: "a.b.c",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      scope: "all-apis",
    };
    refused(await post(server, "token", form), "invalid_grant");
    server.trust("a.b.c");
    refused(await post(server, "token", { ...form, client_id: "fob2" }), "invalid_client", 401);
    refused(await post(server, "token", { ...form, subject_token_type: "x" }), "invalid_request");
    const body = new URLSearchParams(form);
    const alone = await get(`${server.issuer}/token`, { method: "POST", body });
    for (const { status, json } of [await post(server, "token", form), alone]) {
      equal(status, 200);
      equal(json["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token");
      equal("refresh_token" in json, false);
      ok(server.isActive(String(json["access_token"])));
    }
    equal(server.count("token_exchange"), 2);
  }));
