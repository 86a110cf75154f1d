import assert from "node:assert/strict";
import { boundedFetch } from "../../../src/oauth/http.ts";
import {
  azurePipelinesIdentity,
  githubActionsIdentity,
  type PipelineNeeds,
} from "../../../src/oauth/pipeline_identity.ts";
import type { Secret } from "../../../src/secret.ts";
import { failure, serve } from "./fixture.ts";

const jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJyb2JvdCJ9.c2lnbmF0dXJl";
const bearer = "private-bearer";
const fetch = boundedFetch({ fetch: globalThis.fetch, timeLimit: 500 });

type Variables = Record<string, string>;

function needs(variables: Variables): PipelineNeeds {
  return { get: (name) => variables[name], fetch };
}

function githubJob(origin: string, more: Variables = {}): PipelineNeeds {
  return needs({
    GITHUB_ACTIONS: "true",
    ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/idtoken/run?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
    ...more,
  });
}

function azureJob(origin: string, more: Variables = {}): PipelineNeeds {
  return needs({
    TF_BUILD: "True",
    SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: `${origin}/org/`,
    SYSTEM_TEAMPROJECTID: "project",
    SYSTEM_HOSTTYPE: "build",
    SYSTEM_PLANID: "plan",
    SYSTEM_JOBID: "job",
    SYSTEM_ACCESSTOKEN: bearer,
    ...more,
  });
}

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** The request that `ask` sends to a service that returns `answer`, and the resulting token. */
async function seenBy(
  answer: object,
  ask: (origin: string) => Promise<Secret>,
): Promise<Seen & { token: string }> {
  const all: Seen[] = [];
  await using server = serve(async (request) => {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    all.push({ method: request.method, path: pathname + search, headers: request.headers, body });
    return Response.json(answer);
  });
  const token = (await ask(server.origin)).reveal();
  assert.equal(all.length, 1);
  return { ...all[0] as Seen, token };
}

Deno.test("a GitHub job requests the given audience with its own token", async () => {
  const seen = await seenBy(
    { value: jwt, count: 1 },
    (origin) => githubActionsIdentity("https://login.example/a b", githubJob(origin)),
  );
  assert.equal(seen.token, jwt);
  assert.equal(seen.method, "GET");
  const { pathname, searchParams } = new URL(seen.path, "http://x");
  assert.equal(pathname, "/idtoken/run");
  assert.deepEqual(Object.fromEntries(searchParams), {
    "api-version": "2.0",
    audience: "https://login.example/a b",
  });
  assert.equal(seen.headers.get("authorization"), `Bearer ${bearer}`);
});

Deno.test("without an audience GitHub uses its default", async () => {
  const ask = (origin: string) => githubActionsIdentity(undefined, githubJob(origin));
  assert.equal((await seenBy({ value: jwt }, ask)).path, "/idtoken/run?api-version=2.0");
});

Deno.test("an Azure job posts an empty request to the URL of its job", async () => {
  for (const organisation of ["/org/", "/org"]) {
    const seen = await seenBy({ oidcToken: jwt }, (origin) =>
      azurePipelinesIdentity(
        azureJob(origin, { SYSTEM_TEAMFOUNDATIONCOLLECTIONURI: `${origin}${organisation}` }),
      ));
    assert.equal(seen.token, jwt);
    assert.equal(seen.method, "POST");
    assert.equal(
      seen.path,
      "/org/project/_apis/distributedtask/hubs/build/plans/plan/jobs/job/oidctoken" +
        "?api-version=7.2-preview.1",
    );
    assert.equal(seen.headers.get("authorization"), `Bearer ${bearer}`);
    assert.equal(seen.headers.get("content-length"), "0");
    assert.equal(seen.body, "");
  }
});

Deno.test("no variable of an Azure job can change the rest of the URL", async () => {
  const more = { SYSTEM_TEAMPROJECTID: "a/b?c#d", SYSTEM_JOBID: "j b" };
  const ask = (origin: string) => azurePipelinesIdentity(azureJob(origin, more));
  assert.match(
    (await seenBy({ oidcToken: jwt }, ask)).path,
    /^\/org\/a%2Fb%3Fc%23d\/.*\/j%20b\/oidc/,
  );
});

Deno.test("the error for a GitHub job without the permission names the missing variables", async () => {
  const error = await failure(
    "not_signed_in",
    () => githubActionsIdentity(undefined, needs({ GITHUB_ACTIONS: "true" })),
  );
  assert.equal(
    error.message,
    "Not set in this GitHub Actions job: ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  );
  assert.deepEqual(error.facts, { ci: "github" });
});

Deno.test("the error for an Azure job without its token names the variable, also for an unexpanded macro", async () => {
  for (const left of ["", " ", "$(System.AccessToken)"]) {
    const job = azureJob("https://dev.azure.example", { SYSTEM_ACCESSTOKEN: left });
    const error = await failure("not_signed_in", () => azurePipelinesIdentity(job));
    assert.equal(error.message, "Not set in this Azure Pipelines job: SYSTEM_ACCESSTOKEN");
    assert.deepEqual(error.facts, { ci: "azure" });
  }
});

Deno.test("the error outside a CI job says so", async () => {
  const github = await failure("not_signed_in", () => githubActionsIdentity("a", needs({})));
  assert.match(github.message, /^This is not a GitHub Actions job, which sets: ACTIONS_ID_TOKEN_/);
  const azure = await failure("not_signed_in", () => azurePipelinesIdentity(needs({})));
  assert.match(
    azure.message,
    /^This is not a Azure Pipelines job, which sets: SYSTEM_TEAMF.*TOKEN$/,
  );
  assert.deepEqual([github.facts, azure.facts], [{}, {}]);
});

Deno.test("no token is sent over an insecure connection", async () => {
  const address = "http://actions.example/idtoken";
  const github = githubJob("", { ACTIONS_ID_TOKEN_REQUEST_URL: address });
  const error = await failure("usage", () => githubActionsIdentity("a", github));
  assert.match(error.message, /^The ACTIONS_ID_TOKEN_REQUEST_URL "http:.*" is not secure: http is/);
  const azure = azureJob("http://dev.azure.example");
  await failure("usage", () => azurePipelinesIdentity(azure));
});

Deno.test("an invalid token is neither sent nor shown", async () => {
  for (const value of ["private bearer", "private\nx: y", "privaté"]) {
    const job = githubJob("https://x.example", { ACTIONS_ID_TOKEN_REQUEST_TOKEN: value });
    const error = await failure("not_signed_in", () => githubActionsIdentity("a", job));
    assert.match(
      error.message,
      /ACTIONS_ID_TOKEN_REQUEST_TOKEN in this GitHub Actions job is not a valid token$/,
    );
    assert.doesNotMatch(Deno.inspect(error), /priva/);
  }
});

const json = { "content-type": "application/json" };
const html = { "content-type": "text/html; charset=utf-8" };
const refusedBody = `{"message":"${bearer} is not good"}`;

/** Invalid responses of a service, the expected error code and the message. */
const badAnswers: [string, (member: string) => Response, string, RegExp][] = [
  [
    "401",
    () => new Response(refusedBody, { status: 401, headers: json }),
    "provider_refused",
    /refused to issue an identity token: HTTP 401$/,
  ],
  ["403", () => new Response("", { status: 403 }), "provider_refused", /token: HTTP 403$/],
  [
    "404 and HTML",
    () => new Response("<p>", { status: 404, headers: html }),
    "provider_refused",
    /404$/,
  ],
  ["429", () => new Response("", { status: 429 }), "provider_unreachable", /HTTP 429$/],
  ["500", () => new Response("", { status: 500 }), "provider_unreachable", /HTTP 500$/],
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { location: "/signin" } }),
    "provider_answer_invalid",
    /HTTP 302 with an empty body$/,
  ],
  [
    "a sign-in page",
    () => new Response("<p>private", { status: 203, headers: html }),
    "provider_answer_invalid",
    /HTTP 203 with "text\/html", not JSON$/,
  ],
  [
    "an empty body",
    () => new Response("", { headers: json }),
    "provider_answer_invalid",
    /with an empty body$/,
  ],
  [
    "half of a JSON text",
    (member) => new Response(`{"${member}":"private`, { headers: json }),
    "provider_answer_invalid",
    /not JSON$/,
  ],
  ["a JSON null", () => Response.json(null), "provider_answer_invalid", /not JSON$/],
  ["a JSON string", () => Response.json("private"), "provider_answer_invalid", /not JSON$/],
  [
    "a JSON list",
    () => Response.json(["private"]),
    "provider_answer_invalid",
    /but "\w+" is not a string$/,
  ],
  [
    "no token",
    () => Response.json({ other: "private" }),
    "provider_answer_invalid",
    /but "\w+" is not a string$/,
  ],
  [
    "a token of the wrong type",
    (member) => Response.json({ [member]: { private: 1 } }),
    "provider_answer_invalid",
    /but "\w+" is not a string$/,
  ],
  [
    "an empty token",
    (member) => Response.json({ [member]: "" }),
    "provider_answer_invalid",
    /but "\w+" is empty$/,
  ],
  [
    "an invalid token",
    (member) => Response.json({ [member]: "private words" }),
    "provider_answer_invalid",
    /but "\w+" does not contain a JSON Web Token$/,
  ],
  [
    "a token that is too long",
    (member) => Response.json({ [member]: `a.b.${"private".repeat(10_000)}` }),
    "provider_answer_invalid",
    /but "\w+" is longer than 64 KiB$/,
  ],
  [
    "10 MB",
    () => new Response(new Uint8Array(10_000_000)),
    "provider_answer_invalid",
    /with a body larger than 1 MiB$/,
  ],
  [
    "an OAuth error with HTTP 200",
    () => Response.json({ error: "access_denied", error_description: `${bearer} is not good` }),
    "provider_refused",
    /answered "access_denied": "\[secret\] is not good"$/,
  ],
];

const services: [string, string, (origin: string) => Promise<Secret>][] = [
  ["GitHub", "value", (origin) => githubActionsIdentity("a", githubJob(origin))],
  ["Azure", "oidcToken", (origin) => azurePipelinesIdentity(azureJob(origin))],
];

for (const [service, member, ask] of services) {
  for (const [name, answer, code, says] of badAnswers) {
    Deno.test(`${service} returning ${name} is ${code}, and no token is shown`, async () => {
      await using server = serve(() => answer(member));
      const error = await failure(code, () => ask(server.origin));
      assert.match(error.message, says);
      assert.doesNotMatch(Deno.inspect(error), /private/);
    });
  }

  Deno.test(`${service} that is down or does not respond is provider_unreachable, and no token is shown`, async () => {
    const gone = serve(() => new Response());
    await gone[Symbol.asyncDispose]();
    await using silent = serve(() => new Promise<never>(() => {}));
    for (const { origin } of [gone, silent]) {
      const error = await failure("provider_unreachable", () => ask(origin));
      assert.doesNotMatch(Deno.inspect(error), /private/);
    }
  });
}

Deno.test("the signal aborts the request", async () => {
  await using silent = serve(() => new Promise<never>(() => {}));
  const job = { ...githubJob(silent.origin), signal: AbortSignal.abort() };
  await failure("interrupted", () => githubActionsIdentity("a", job));
});
