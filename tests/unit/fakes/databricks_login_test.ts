import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { issuerOf } from "../../fakes/servers/databricks_host.ts";
import { accountId, workspaceId } from "../../fakes/servers/databricks_server.ts";
import {
  authorize,
  call,
  exchange,
  loginQuery,
  postToken,
  refresh,
  refused,
  signIn,
  withDatabricks,
} from "./databricks_client.ts";
import { get } from "./raw_client.ts";

Deno.test("metadata of each kind of host names its type and authorization server", async () => {
  for (const type of ["workspace", "account", "unified"] as const) {
    await withDatabricks(async (server) => {
      const { origin } = server.host;
      const { json } = await get(`${origin}/.well-known/databricks-config`);
      equal(json["host_type"], type);
      equal(json["account_id"], type === "account" ? undefined : accountId);
      equal(json["workspace_id"], type === "workspace" ? workspaceId : undefined);
      const login = String(json["oidc_endpoint"]).replace("{account_id}", accountId);
      equal(login, issuerOf(server.host));
      const found = await get(`${login}/.well-known/oauth-authorization-server`);
      equal(found.json["token_endpoint"], `${login}/v1/token`);
      equal(server.count("host_metadata"), 1);
    }, { type });
  }
});

Deno.test("a workspace has no account login, and an account no workspace login", async () => {
  const known = "/.well-known/oauth-authorization-server";
  await withDatabricks(async (server) => {
    const { status, json } = await get(`${server.host.origin}/oidc/accounts/${accountId}${known}`);
    deepEqual([status, json["error_code"]], [404, "ENDPOINT_NOT_FOUND"]);
  });
  await withDatabricks(async (server) => {
    equal((await get(`${server.host.origin}/oidc${known}`)).status, 404);
    equal((await get(`${server.host.origin}/oidc/accounts/other${known}`)).status, 404);
  }, { type: "account" });
});

Deno.test("a sign-in on every kind of host returns tokens and the issuer", async () => {
  for (const type of ["workspace", "account", "unified"] as const) {
    await withDatabricks(async (server) => {
      const callback = await authorize(server);
      equal(callback.origin, "http://localhost:8020");
      equal(callback.searchParams.get("state"), "s-1");
      equal(callback.searchParams.get("iss"), issuerOf(server.host));
      const { json } = await exchange(server, callback);
      match(String(json["access_token"]), /^at-1-/);
      match(String(json["refresh_token"]), /^rt-1-/);
      equal(json["expires_in"], 3600);
      equal(server.principalOf(String(json["access_token"])), "ada@example.com");
      refused(await exchange(server, callback), 400, "invalid_grant");
      equal(server.principalOf(String(json["access_token"])), undefined);
    }, { type });
  }
});

Deno.test("without offline_access there is no refresh token", () =>
  withDatabricks(async (server) => {
    const { json } = await exchange(server, await authorize(server, { scope: "all-apis" }));
    equal(json["scope"], "all-apis");
    equal("refresh_token" in json, false);
  }));

Deno.test("a code needs its verifier, and PKCE must be S256", () =>
  withDatabricks(async (server) => {
    const callback = await authorize(server);
    refused(await exchange(server, callback, { code_verifier: "other" }), 400, "invalid_grant");
    const plain = await authorize(server, { code_challenge_method: "plain" });
    equal(plain.searchParams.get("error"), "invalid_request");
  }));

Deno.test("only localhost:8020 to 8040 without a path is a valid redirect", () =>
  withDatabricks(async (server) => {
    const url = `${issuerOf(server.host)}/v1/authorize?`;
    const refusedUris = ["127.0.0.1:8020", "localhost:8019", "localhost:8041", "localhost:8020/a"];
    for (const place of refusedUris) {
      const query = await loginQuery({ redirect_uri: `http://${place}` });
      equal((await get(url + query)).status, 400, place);
    }
    equal((await get(url + await loginQuery({ client_id: "fob" }))).status, 400);
    const last = await authorize(server, { redirect_uri: "http://localhost:8040" });
    equal(last.port, "8040");
  }));

Deno.test("a denied authorization redirects with the error", () =>
  withDatabricks(async (server) => {
    server.deny();
    const { searchParams } = await authorize(server);
    equal(searchParams.get("error"), "access_denied");
    match(searchParams.get("error_description") ?? "", /denied/);
    equal(server.count("authorize"), 0);
  }));

Deno.test("a login without a host redirects to the user's host, which is the issuer", () =>
  withDatabricks(async (server) => {
    const destination = encodeURIComponent(`/oidc/v1/authorize?${await loginQuery()}`);
    const start = await get(`${server.host.origin}/?destination_url=${destination}`);
    const { headers } = await get(start.headers.get("location") ?? "");
    const callback = new URL(headers.get("location") ?? "");
    const issuer = callback.searchParams.get("iss");
    equal(issuer, issuerOf(server.host));
    equal((await exchange(server, callback)).status, 200);
    equal((await get(`${server.host.origin}/?destination_url=https://evil.example`)).status, 400);
  }));

Deno.test("the lifetime can be a string, and the token a JWT with its scope", () =>
  withDatabricks(async (server) => {
    server.isLifetimeText = true;
    server.writeJwts();
    const { json } = await exchange(server, await authorize(server));
    equal(json["expires_in"], "3600");
    const [, claims = ""] = String(json["access_token"]).split(".");
    const bytes = Uint8Array.fromBase64(claims, { alphabet: "base64url" });
    const { scope } = JSON.parse(new TextDecoder().decode(bytes));
    equal(scope, "offline_access all-apis");
    notEqual(server.principalOf(String(json["access_token"])), undefined);
  }));

Deno.test("a service principal signs in with its secret, escaped or not, and gets no refresh token", () =>
  withDatabricks(async (server) => {
    server.addServicePrincipal("sp-1", "s/c+r:t");
    const fields = { grant_type: "client_credentials", scope: "all-apis" };
    for (const secret of ["s/c+r:t", encodeURIComponent("s/c+r:t")]) {
      const authorization = `Basic ${btoa(`sp-1:${secret}`)}`;
      const { json } = await postToken(server, fields, { authorization });
      equal("refresh_token" in json, false);
      equal(server.principalOf(String(json["access_token"])), "sp-1");
    }
    const authorization = `Basic ${btoa("sp-1:other")}`;
    for (const headers of [{ authorization }, {}]) {
      refused(
        await postToken(server, fields, headers),
        401,
        "invalid_client",
        "Client authentication failed",
      );
    }
  }));

Deno.test("an identity token is exchanged by its federation policy", () =>
  withDatabricks(async (server) => {
    server.trust("jwt-account");
    server.trust("jwt-client", "sp-1");
    const exchangeFor = (subject_token: string, more = {}): ReturnType<typeof postToken> =>
      postToken(server, {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token,
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        scope: "all-apis",
        ...more,
      });
    equal((await exchangeFor("jwt-account")).status, 200);
    const { json } = await exchangeFor("jwt-client", { client_id: "sp-1" });
    equal(server.principalOf(String(json["access_token"])), "sp-1");
    for (const more of [{}, { client_id: "sp-2" }]) {
      equal((await exchangeFor("jwt-client", more)).json["error"], "invalid_grant");
    }
    equal((await exchangeFor("jwt-other")).json["error"], "invalid_grant");
    equal(server.count("token-exchange"), 2);
  }));

Deno.test("access tokens expire by the server's clock or at once, and can be refreshed", () =>
  withDatabricks(async (server) => {
    const { access, refresh: token } = await signIn(server);
    server.clock(3601);
    equal((await call(server, "GET /api/2.0/echo", access)).status, 401);
    const { json } = await refresh(server, token);
    server.expireTokens();
    equal((await call(server, "GET /api/2.0/echo", String(json["access_token"]))).status, 401);
    equal((await refresh(server, String(json["refresh_token"]))).status, 200);
  }));
