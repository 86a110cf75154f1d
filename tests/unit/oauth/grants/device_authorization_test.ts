import assert from "node:assert/strict";
import type { Client } from "../../../../src/oauth/client.ts";
import {
  deviceAuthorizationGrant,
  type DeviceAuthorizationRequest,
} from "../../../../src/oauth/grants/device_authorization.ts";
import type { Granted } from "../../../../src/oauth/token_endpoint.ts";
import { clientAt, failure, fakePrompts, noon, serve, type Served } from "../fixture.ts";

const device = {
  device_code: "dc-1",
  user_code: "WDJB-MJHT",
  verification_uri: "http://127.0.0.1/device",
  expires_in: 600,
};
const token = { access_token: "at-1", token_type: "Bearer", expires_in: 60 };
const error = (code: string) => (): Response => Response.json({ error: code }, { status: 400 });
const signal = new AbortController().signal;

/** A server with the device response `first` and the token responses `answers` in order, repeating the last. */
function deviceServer(first: object, ...answers: (() => Response)[]): Served {
  return serve((_, path) => {
    if (path === "/device") return Response.json(first);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer?.() ?? Response.json(token);
  });
}

interface Run {
  readonly result: Promise<Granted>;
  readonly waits: number[];
  readonly saved: Granted[];
}

/** A grant with a clock that advances only in `sleep`. */
function grant(origin: string, more: Partial<DeviceAuthorizationRequest> = {}): Run {
  const waits: number[] = [];
  const saved: Granted[] = [];
  let now = noon;
  const client: Client = clientAt(origin, {}, () => now);
  const request: DeviceAuthorizationRequest = {
    scopes: ["openid"],
    keep: (granted) => Promise.resolve(void saved.push(granted)),
    sleep: (milliseconds) => {
      waits.push(milliseconds / 1000);
      now += milliseconds;
      return Promise.resolve();
    },
    ...more,
  };
  return { result: deviceAuthorizationGrant(client, request, fakePrompts(), signal), waits, saved };
}

Deno.test("the token endpoint is polled every five seconds until the user approves", async () => {
  const pending = error("authorization_pending");
  await using server = deviceServer(device, pending, pending, () => Response.json(token));
  const { result, waits, saved } = grant(server.origin);
  assert.equal((await result).tokens.accessToken.reveal(), "at-1");
  assert.deepEqual(waits, [5, 5, 5]);
  assert.deepEqual(saved, [await result]);
});

Deno.test("slow_down adds five seconds to the server's interval permanently", async () => {
  const answers = ["slow_down", "authorization_pending", "slow_down"].map(error);
  await using server = deviceServer(
    { ...device, interval: 2 },
    ...answers,
    () => Response.json(token),
  );
  const { result, waits } = grant(server.origin);
  await result;
  assert.deepEqual(waits, [2, 7, 7, 12]);
});

/** GitHub's responses: an error has HTTP 200; a token has no lifetime and commas in its scope. */
const github = {
  error: (code: string, more: object = {}) => (): Response =>
    Response.json({ error: code, ...more }),
  token: (): Response =>
    Response.json({ access_token: "gho_1", token_type: "bearer", scope: "repo,gist" }),
};

Deno.test("an error with HTTP 200 is an error, and slow_down sets the next interval", async () => {
  await using server = deviceServer(
    { ...device, interval: 5 },
    github.error("authorization_pending", { error_description: "not yet" }),
    github.error("slow_down", { interval: 30 }),
    github.error("authorization_pending"),
    github.error("slow_down", { interval: 1 }),
    github.token,
  );
  const { result, waits } = grant(server.origin);
  const { tokens } = await result;
  assert.deepEqual(waits, [5, 5, 30, 30, 35]);
  assert.equal(tokens.accessToken.reveal(), "gho_1");
  assert.equal(tokens.tokenType, "Bearer");
  assert.equal(tokens.scope, "repo gist");
  assert.equal("expiresAt" in tokens, false);
});

for (
  const [code, becomes] of [
    ["expired_token", "sign_in_timeout"],
    ["access_denied", "provider_refused"],
    ["incorrect_device_code", "provider_refused"],
  ] as const
) {
  Deno.test(`${code} with HTTP 200 ends the polling as ${becomes}`, async () => {
    await using server = deviceServer(device, github.error(code));
    const { result, waits } = grant(server.origin);
    const refused = await failure(becomes, () => result);
    if (becomes === "provider_refused") assert.equal(refused.facts.error, code);
    assert.equal(waits.length, 1);
  });
}

Deno.test("a refused device authorization with HTTP 200 is an error", async () => {
  const disabled = github.error("device_flow_disabled");
  await using server = serve(disabled);
  const refused = await failure("provider_refused", () => grant(server.origin).result);
  assert.match(refused.message, /^The device authorization .* answered "device_flow_disabled"$/);
});

Deno.test("a server that is down is polled with a growing interval", async () => {
  const down = (): Response => new Response("", { status: 502 });
  await using server = deviceServer(device, down, down, () => Response.json(token));
  const { result, waits } = grant(server.origin);
  await result;
  assert.deepEqual(waits, [5, 10, 20]);
});

Deno.test("a code that is never entered expires with its lifetime", async () => {
  await using server = deviceServer({ ...device, expires_in: 12 }, error("authorization_pending"));
  const { result, waits, saved } = grant(server.origin);
  await failure("sign_in_timeout", () => result);
  assert.deepEqual(waits, [5, 5, 2]);
  assert.deepEqual(saved, []);
});

Deno.test("expired_token from the server is sign_in_timeout", async () => {
  await using server = deviceServer(device, error("expired_token"));
  await failure("sign_in_timeout", () => grant(server.origin).result);
});

Deno.test("a denied sign-in ends at once", async () => {
  await using server = deviceServer(device, error("access_denied"));
  const refused = await failure("provider_refused", () => grant(server.origin).result);
  assert.equal(refused.facts.error, "access_denied");
});

Deno.test("the shown code and URLs have no control characters and are safe to open", async () => {
  await using server = deviceServer({
    ...device,
    user_code: "WD\x1b[2J",
    verification_uri_complete: "https://login.example/device?user_code=WD",
  });
  const shown: unknown[] = [];
  const person = fakePrompts({ onUserCode: (code) => shown.push(code) });
  const request = { scopes: [], keep: async () => {}, sleep: async () => {} };
  await deviceAuthorizationGrant(clientAt(server.origin), request, person, signal);
  assert.deepEqual(shown, [{
    userCode: "WD [2J",
    verificationUri: "http://127.0.0.1/device",
    verificationUriComplete: "https://login.example/device?user_code=WD",
  }]);
});

Deno.test("an insecure verification URI is not shown", async () => {
  await using server = deviceServer({ ...device, verification_uri: "javascript://x/%0aalert(1)" });
  await failure("provider_answer_invalid", () => grant(server.origin).result);
});

Deno.test("a server without device authorization has its own error", async () => {
  const client = clientAt("http://127.0.0.1:9", { device_authorization_endpoint: undefined });
  const request = { scopes: [], keep: async () => {} };
  const refused = await failure(
    "provider_refused",
    () => deviceAuthorizationGrant(client, request, fakePrompts(), signal),
  );
  assert.equal(refused.message, '"http://127.0.0.1:9" does not support sign-in with a device code');
});

Deno.test("the signal ends the wait and leaves no timer", async () => {
  await using server = deviceServer(device, error("authorization_pending"));
  const stop = new AbortController();
  const person = fakePrompts({ onUserCode: () => setTimeout(() => stop.abort(), 10) });
  const request = { scopes: [], keep: async () => {} };
  await failure(
    "interrupted",
    () => deviceAuthorizationGrant(clientAt(server.origin), request, person, stop.signal),
  );
});

Deno.test("the polling interval is at least one second", async () => {
  const answers = [error("authorization_pending"), () => Response.json(token)];
  await using server = deviceServer({ ...device, interval: 0.01 }, ...answers);
  const startedAt = performance.now();
  const request = { scopes: [], keep: async () => {} };
  await deviceAuthorizationGrant(clientAt(server.origin), request, fakePrompts(), signal);
  assert.ok(performance.now() - startedAt >= 1990, "an interval below a second was used");
});
