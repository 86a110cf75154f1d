import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { FakeClock } from "../../fakes/machine/clock.ts";
import {
  accountId,
  type DatabricksServer,
  workspaceId,
} from "../../fakes/servers/databricks_server.ts";
import { call, signIn, withDatabricks } from "./databricks_client.ts";
import { get, type Reply } from "./raw_client.ts";

const me = "GET /api/2.0/preview/scim/v2/Me";
const workspaces = `GET /api/2.0/accounts/${accountId}/workspaces`;
const introspect = "GET /api/2.0/tokens/introspect";
const create = "POST /api/2.0/token/create";
const list = "GET /api/2.0/token/list";
const remove = "POST /api/2.0/token/delete";

interface Minted {
  readonly value: string;
  readonly id: string;
  readonly info: Record<string, unknown>;
}

async function mint(server: DatabricksServer, token: string, wish: unknown): Promise<Minted> {
  const { json } = await call(server, create, token, wish);
  const info = json["token_info"] as Record<string, unknown>;
  return { value: String(json["token_value"]), id: String(info["token_id"]), info };
}

function apiRefused({ status, json }: Reply, expected: number, code: string | number): void {
  deepEqual([status, json["error_code"]], [expected, code]);
}

Deno.test("a login and a personal access token have a user and a workspace", () =>
  withDatabricks(async (server) => {
    const { access } = await signIn(server);
    for (const token of [access, server.addToken().value]) {
      const { headers, json } = await call(server, me, token);
      equal(headers.get("x-databricks-org-id"), workspaceId);
      equal(json["userName"], "ada@example.com");
      const scope = { account_id: accountId, workspace_id: workspaceId };
      deepEqual((await call(server, introspect, token)).json["principal_context"], {
        authentication_scope: scope,
      });
    }
    const few = await call(server, `${me}?attributes=id,userName`, access);
    deepEqual(Object.keys(few.json), ["id", "userName"]);
    const fewer = await call(server, `${me}?excludedAttributes=groups`, access);
    equal("groups" in fewer.json, false);
  }));

Deno.test("an account lists its workspaces and has no Me; a unified host has both", async () => {
  await withDatabricks(async (server) => {
    const { access } = await signIn(server);
    equal((await call(server, me, access)).status, 400);
    match((await call(server, workspaces, access)).text, /^\[\{"account_id":/);
    equal((await call(server, workspaces.replace(accountId, "other"), access)).status, 404);
  }, { type: "account" });
  await withDatabricks(async (server) => {
    const { access } = await signIn(server);
    equal((await call(server, me, access)).status, 200);
    equal((await call(server, workspaces, access)).status, 200);
  }, { type: "unified" });
  await withDatabricks(async (server) => {
    const { access } = await signIn(server);
    apiRefused(await call(server, workspaces, access), 404, "ENDPOINT_NOT_FOUND");
  });
});

Deno.test("the API returns 401 without a credential, and 403 for an expired personal token", () =>
  withDatabricks(async (server) => {
    const pat = server.addToken({ lifetime: 60 }).value;
    for (const request of [me, introspect, list, "GET /api/2.0/echo"]) {
      apiRefused(await call(server, request), 401, 401);
      apiRefused(await call(server, request, "at-unknown"), 401, 401);
      equal((await call(server, request, pat)).status, 200);
    }
    server.clock(61);
    apiRefused(await call(server, me, pat), 403, 403);
  }));

Deno.test("the echo returns user and request without the credential", () =>
  withDatabricks(async (server) => {
    const { access } = await signIn(server);
    const headers = { authorization: `Bearer ${access}`, "x-id": "7" };
    const url = `${server.host.origin}/api/2.0/echo/a?b=c`;
    const { json, text } = await get(url, { method: "PUT", headers, body: "hello" });
    equal(json["method"], "PUT");
    equal(json["path"], "/api/2.0/echo/a?b=c");
    equal(json["principal"], "ada@example.com");
    equal(json["body"], "hello");
    equal((json["headers"] as Record<string, string>)["x-id"], "7");
    equal(text.includes(access), false);
  }));

Deno.test("a token is created with comment and lifetime, listed, renamed and deleted", () => {
  const clock = new FakeClock(1_000_000);
  return withDatabricks(async (server) => {
    const root = server.addToken({ comment: "root" }).value;
    const { value, id, info } = await mint(server, root, {
      comment: "fob/1/2",
      lifetime_seconds: 900,
      scopes: ["all-apis"],
    });
    match(value, /^dapi[0-9a-f]{32}$/);
    deepEqual(info, {
      token_id: id,
      comment: "fob/1/2",
      creation_time: 1_000_000,
      expiry_time: 1_900_000,
      scopes: ["all-apis"],
    });
    equal((await call(server, me, value)).status, 200);
    const change = { token: { comment: "kept" }, update_mask: "comment" };
    equal((await call(server, `PATCH /api/2.0/token/${id}`, root, change)).status, 200);
    const listed = await call(server, list, root);
    match(listed.text, /"comment":"kept"/);
    equal(listed.text.includes(value), false);
    equal((await call(server, remove, root, { token_id: id })).status, 200);
    apiRefused(await call(server, me, value), 403, 403);
    apiRefused(
      await call(server, remove, root, { token_id: id }),
      404,
      "RESOURCE_DOES_NOT_EXIST",
    );
    deepEqual(server.liveTokens().map(({ info: { comment } }) => comment), ["root"]);
  }, { now: () => clock.now() });
});

Deno.test("a token expires by the given clock, by default after two years", () => {
  const clock = new FakeClock(0);
  return withDatabricks(async (server) => {
    const root = server.addToken({ lifetime: -1 });
    equal(root.info.expiry_time, -1);
    await mint(server, root.value, { lifetime_seconds: 900 });
    await mint(server, root.value, {});
    clock.advance(900_000);
    equal(server.liveTokens().length, 2);
    clock.advance(2 * 365 * 24 * 3600 * 1000);
    deepEqual(server.liveTokens(), [root]);
    for (const lifetime_seconds of [0, -1, "900", 1.5]) {
      equal((await call(server, create, root.value, { lifetime_seconds })).status, 400);
    }
  }, { now: () => clock.now() });
});

Deno.test("the quota is per user, and a deleted token does not count", () =>
  withDatabricks(async (server) => {
    const root = server.addToken().value;
    const { id } = await mint(server, root, {});
    apiRefused(await call(server, create, root, {}), 400, "QUOTA_EXCEEDED");
    await call(server, remove, root, { token_id: id });
    equal((await call(server, create, root, {})).status, 200);
    equal(server.liveTokens().length, 2);
  }, { quota: 2 }));

Deno.test("a user cannot list or delete tokens of another user", () =>
  withDatabricks(async (server) => {
    const { info } = server.addToken();
    server.addServicePrincipal("sp-1", "secret");
    const authorization = `Basic ${btoa("sp-1:secret")}`;
    const body = new URLSearchParams({ grant_type: "client_credentials" });
    const { json } = await get(`${server.host.origin}/oidc/v1/token`, {
      method: "POST",
      headers: { authorization },
      body,
    });
    const access = String(json["access_token"]);
    deepEqual((await call(server, list, access)).json["token_infos"], []);
    equal((await call(server, remove, access, { token_id: info.token_id })).status, 404);
    equal(server.liveTokens().length, 1);
  }));

Deno.test("a token is created although its response is lost", async () => {
  let waiting: Promise<unknown> | undefined;
  await withDatabricks(async (server) => {
    const root = server.addToken().value;
    await server.fault("token_create", "lost", 1);
    await rejects(mint(server, root, { comment: "lost" }));
    await server.fault("token_create", "mute", 1);
    waiting = Promise.allSettled([mint(server, root, { comment: "mute" })]);
    for (let turn = 0; turn < 500 && server.liveTokens().length < 3; turn++) {
      await call(server, list, root);
    }
    deepEqual(server.liveTokens().map(({ info }) => info.comment), ["", "lost", "mute"]);
  });
  await waiting;
});

Deno.test("a route fails the given number of times, then works", () =>
  withDatabricks(async (server) => {
    const root = server.addToken().value;
    const { id } = await mint(server, root, {});
    await server.fault("token_delete", "503", 2);
    for (const status of [503, 503, 200]) {
      equal((await call(server, remove, root, { token_id: id })).status, status);
    }
    await server.fault("token_create", "429:3", 1);
    const busy = await call(server, create, root, {});
    deepEqual([busy.status, busy.headers.get("retry-after")], [429, "3"]);
    equal(server.count("token_create"), 1);
  }));

Deno.test("requests are recorded with user and purpose, without secrets", () =>
  withDatabricks(async (server) => {
    const { access, refresh } = await signIn(server);
    await call(server, me, access);
    await call(server, me, "at-stolen");
    await get(`${server.host.origin}/favicon.ico`);
    const [authorized, granted, known, stolen, lost] = server.requests;
    equal(authorized?.route, "authorize");
    equal(granted?.grant, "authorization_code");
    equal(known?.principal, "ada@example.com");
    deepEqual([stolen?.principal, stolen?.ok, stolen?.status], [undefined, false, 401]);
    deepEqual([lost?.route, lost?.path, lost?.status], [undefined, "/favicon.ico", 404]);
    const text = JSON.stringify(server.requests);
    for (const secret of [access, refresh, "at-stolen", "code-"]) {
      equal(text.includes(secret), false, secret);
    }
  }));

Deno.test("all tokens can be revoked", () =>
  withDatabricks(async (server) => {
    const { access } = await signIn(server);
    const pat = server.addToken({}, "dapi-known").value;
    equal(server.principalOf("dapi-known"), "ada@example.com");
    server.revokeAll();
    deepEqual([access, pat].map((token) => server.principalOf(token)), [undefined, undefined]);
  }));
