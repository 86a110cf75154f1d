import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import type { TokenStage } from "../../fakes/servers/authorization_server.ts";
import {
  authorizationUrl,
  authorize,
  exchange,
  get,
  poll,
  post,
  redirectUri,
  refresh,
  refused,
  signIn,
  startDevice,
  verifiedClaims,
  withServer,
} from "./raw_client.ts";

Deno.test("metadata is found by OIDC and by RFC 8414, and names the issuer that serves it", () =>
  withServer(async (server) => {
    for (const name of ["openid-configuration", "oauth-authorization-server"]) {
      const { json } = await get(`${server.issuer}/.well-known/${name}`);
      equal(json["issuer"], server.issuer);
      equal(json["token_endpoint"], `${server.issuer}/token`);
      deepEqual(json["code_challenge_methods_supported"], ["S256"]);
    }
    server.claimIssuer("https://other.example");
    const { json } = await get(`${server.issuer}/.well-known/openid-configuration`);
    equal(json["issuer"], "https://other.example");
  }));

Deno.test("the API and the bare origin both name the server as theirs", () =>
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

Deno.test("a sign-in gives tokens that the API takes, and says who signed in", () =>
  withServer(async (server) => {
    const { json } = await exchange(server, await authorize(server, { nonce: "n-1" }));
    match(String(json["access_token"]), /^at-1-/);
    match(String(json["refresh_token"]), /^rt-1-/);
    equal(json["expires_in"], 3600);
    const authorization = `Bearer ${json["access_token"]}`;
    const { status, json: user } = await get(server.api, { headers: { authorization } });
    equal(status, 200);
    equal(user["name"], "ada");
    const claims = await verifiedClaims(server, String(json["id_token"]));
    equal(claims["email"], "ada@example.com");
    equal(claims["nonce"], "n-1");
    equal(claims["aud"], "fob");
    equal(server.count("authorization_code"), 1);
  }));

Deno.test("the redirect carries code, state and issuer", () =>
  withServer(async (server) => {
    const callback = await authorize(server, { state: "s-1" });
    equal(callback.origin + callback.pathname, redirectUri);
    equal(callback.searchParams.get("state"), "s-1");
    equal(callback.searchParams.get("iss"), server.issuer);
    notEqual(callback.searchParams.get("code"), null);
  }));

Deno.test("an authorization request without S256 is sent back as invalid", () =>
  withServer(async (server) => {
    for (const fields of [{ code_challenge_method: "plain" }, { code_challenge: "" }]) {
      const callback = await authorize(server, fields);
      equal(callback.searchParams.get("error"), "invalid_request");
      equal(callback.searchParams.get("code"), null);
    }
    equal(server.count("authorize"), 0);
  }));

Deno.test("another client, or a redirect off this machine, is not redirected to", () =>
  withServer(async (server) => {
    const wrong = [
      { client_id: "fob2" },
      { redirect_uri: "https://evil.example/callback" },
      { redirect_uri: "http://127.0.0.1.evil.example/callback" },
      { redirect_uri: "http://localhost:9/callback" },
    ];
    for (const fields of wrong) {
      equal((await get(await authorizationUrl(server, fields))).status, 400);
    }
  }));

Deno.test("a person who says no is reported as access_denied", () =>
  withServer(async (server) => {
    server.deny();
    const callback = await authorize(server, { state: "s-2" });
    equal(callback.searchParams.get("error"), "access_denied");
    equal(callback.searchParams.get("state"), "s-2");
  }));

Deno.test("tokens are granted for the server's own resources alone", () =>
  withServer(async (server) => {
    const wrong = await authorize(server, { resource: "https://other.example" });
    equal(wrong.searchParams.get("error"), "invalid_target");
    const callback = await authorize(server, { resource: server.api });
    refused(await exchange(server, callback, { resource: `${server.api}2` }), "invalid_target");
    equal((await exchange(server, callback, { resource: server.api })).status, 200);
  }));

Deno.test("a wrong verifier, redirect or client gets no token, and spends nothing", () =>
  withServer(async (server) => {
    const callback = await authorize(server);
    const wrong = { code_verifier: "w".repeat(43), redirect_uri: `${redirectUri}2` };
    for (const [name, value] of Object.entries(wrong)) {
      refused(await exchange(server, callback, { [name]: value }), "invalid_grant");
    }
    refused(await exchange(server, callback, { client_id: "fob2" }), "invalid_client", 401);
    equal((await exchange(server, callback)).status, 200);
  }));

Deno.test("a code is good once, and its second use ends what the first one gave", () =>
  withServer(async (server) => {
    const callback = await authorize(server);
    const { json } = await exchange(server, callback);
    ok(server.isActive(String(json["access_token"])));
    refused(await exchange(server, callback), "invalid_grant");
    equal(server.isActive(String(json["access_token"])), false);
  }));

Deno.test("a refresh rotates the pair; the old access token lives on", () =>
  withServer(async (server) => {
    const first = await signIn(server);
    const second = (await refresh(server, first.refresh)).json;
    match(String(second["refresh_token"]), /^rt-2-/);
    ok(server.isActive(String(second["access_token"])));
    ok(server.isActive(first.access));
    equal(server.count("refresh_token"), 1);
    equal(server.familyRevoked, false);
  }));

Deno.test("a refresh token used twice ends the whole family", () =>
  withServer(async (server) => {
    const first = await signIn(server);
    const second = (await refresh(server, first.refresh)).json;
    refused(await refresh(server, first.refresh), "invalid_grant");
    equal(server.familyRevoked, true);
    equal(server.isActive(String(second["access_token"])), false);
    refused(await refresh(server, String(second["refresh_token"])), "invalid_grant");
    const other = await signIn(server);
    ok(server.isActive(other.access));
  }));

Deno.test("of many refreshes at once, one succeeds", () =>
  withServer(async (server) => {
    const first = await signIn(server);
    server.delayToken(20);
    const all = await Promise.all(Array.from({ length: 8 }, () => refresh(server, first.refresh)));
    equal(all.filter(({ status }) => status === 200).length, 1);
    equal(server.count("refresh_token"), 1);
    equal(server.familyRevoked, true);
  }));

Deno.test("revoking either token ends the family; an unknown token is no error", () =>
  withServer(async (server) => {
    for (const which of ["access", "refresh"] as const) {
      const tokens = await signIn(server);
      equal((await post(server, "revoke", { token: "nobody's" })).status, 200);
      ok(server.isActive(tokens.access));
      equal((await post(server, "revoke", { token: tokens[which] })).status, 200);
      equal(server.isActive(tokens.access), false);
      refused(await refresh(server, tokens.refresh), "invalid_grant");
    }
    equal(server.count("revoke"), 4);
  }));

Deno.test("revokeAll ends every family", () =>
  withServer(async (server) => {
    const held = [await signIn(server), await signIn(server)];
    server.revokeAll();
    deepEqual(held.map(({ access }) => server.isActive(access)), [false, false]);
  }));

Deno.test("a device waits for the person, and its code is good once", () =>
  withServer(async (server) => {
    server.deviceApproveAfter(2);
    const device = await startDevice(server);
    refused(await poll(server, device), "authorization_pending");
    refused(await poll(server, device), "authorization_pending");
    const { status, json } = await poll(server, device);
    equal(status, 200);
    ok(server.isActive(String(json["access_token"])));
    refused(await poll(server, device), "invalid_grant");
    equal(server.count("device_code"), 1);
  }, { deviceInterval: 0 }));

Deno.test("a device that polls too soon is slowed down, and not told the outcome", () =>
  withServer(async (server) => {
    server.deviceApproveAfter(1);
    const device = await startDevice(server);
    refused(await poll(server, device), "authorization_pending");
    refused(await poll(server, device), "slow_down");
    equal(server.count("device_code"), 0);
  }));

Deno.test("a device code expires by the server's clock, and can be denied", () =>
  withServer(async (server) => {
    const device = await startDevice(server);
    server.clock(61);
    refused(await poll(server, device), "expired_token");
    const other = await startDevice(server);
    server.deny();
    refused(await poll(server, other), "access_denied");
  }, { deviceInterval: 0, deviceLifetime: 60 }));

Deno.test("access tokens end after their lifetime, by a clock that shows in the Date header", () =>
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

Deno.test("the hook sees a refresh before it is spent, after, and once it is answered", () =>
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

Deno.test("a client with a secret gets a token for itself, and no refresh token", () =>
  withServer(async (server) => {
    const authorization = `Basic ${btoa("robot:robot-secret")}`;
    const body = new URLSearchParams({ grant_type: "client_credentials", scope: "all-apis" });
    const { status, json } = await get(`${server.issuer}/token`, {
      method: "POST",
      headers: { authorization },
      body,
    });
    equal(status, 200);
    equal(json["scope"], "all-apis");
    equal("refresh_token" in json, false);
    equal("id_token" in json, false);
    ok(server.isActive(String(json["access_token"])));
    equal(server.count("client_credentials"), 1);
    refused(await post(server, "token", Object.fromEntries(body)), "invalid_client", 401);
    const wrong = { authorization: `Basic ${btoa("robot:wrong")}` };
    refused(
      await get(`${server.issuer}/token`, { method: "POST", headers: wrong, body }),
      "invalid_client",
      401,
    );
  }));

Deno.test("a trusted token is exchanged, with a client or without, and no other is", () =>
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
