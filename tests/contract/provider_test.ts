import assert from "node:assert/strict";
import { astro } from "../../src/providers/astro.ts";
import { astroHooks } from "../../src/providers/astro_server.ts";
import { databricks } from "../../src/providers/databricks/platform.ts";
import { databricksHooks } from "../../src/providers/databricks/server.ts";
import { github } from "../../src/providers/github.ts";
import { gitlab } from "../../src/providers/gitlab.ts";
import { oauthProvider } from "../../src/providers/oauth_provider.ts";
import { oidc } from "../../src/providers/oidc.ts";
import type { Platform } from "../../src/providers/platform.ts";
import { platforms } from "../../src/providers/platforms.ts";
import { startAstroServer } from "../fakes/servers/astro_server.ts";
import { startAuthorizationServer } from "../fakes/servers/authorization_server.ts";
import { DatabricksServer } from "../fakes/servers/databricks_server.ts";
import { type PlatformDouble, type Subject, testProvider } from "./provider.ts";

const needs = { fetch: globalThis.fetch, now: Date.now };
const asItIs = (url: URL): URL => url;

/** A platform that uses only standards. `elsewhere` maps its URLs to paths of the fake. */
async function openStandard(
  platform: Platform,
  elsewhere: Readonly<Record<string, string>> = {},
): Promise<PlatformDouble> {
  const server = await startAuthorizationServer();
  const isHere = Object.keys(elsewhere).length === 0;
  const browse = (url: URL): URL => {
    const path = elsewhere[url.origin + url.pathname];
    const there = path === undefined
      ? new URL(url)
      : new URL(`${path}${url.search}`, server.issuer);
    // The fake sends iss; the platform does not.
    if (!isHere) there.searchParams.delete("iss");
    return there;
  };
  const reroute: typeof fetch = (input, init) =>
    fetch(browse(new URL(input instanceof Request ? input.url : input)), init);
  return {
    provider: oauthProvider(platform, { ...needs, fetch: reroute }),
    target: {
      clientId: "fob",
      ...isHere
        ? { host: server.issuer, scopes: ["openid", "offline_access"] }
        : { scopes: ["repo"] },
    },
    issuer: isHere ? server.issuer : platform.server?.issuer ?? "",
    browse,
    isActive: (token) => server.isActive(token),
    get hasEnded(): boolean {
      return server.familyRevoked;
    },
    endAll: () => server.revokeAll(),
    goAway: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** GitHub publishes no metadata, so its URLs are mapped to the fake. */
const gitHubs = {
  "https://github.com/login/oauth/authorize": "/authorize",
  "https://github.com/login/oauth/access_token": "/token",
};

function openDatabricks(): Promise<PlatformDouble> {
  const server = new DatabricksServer();
  return Promise.resolve({
    provider: oauthProvider(databricks, needs, databricksHooks),
    target: { host: server.host.origin },
    issuer: `${server.host.origin}/oidc`,
    browse: asItIs,
    isActive: (token) => server.principalOf(token) !== undefined,
    get hasEnded(): boolean {
      return server.familyRevoked;
    },
    endAll: () => server.revokeAll(),
    goAway: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  });
}

async function openAstro(): Promise<PlatformDouble> {
  const server = await startAstroServer();
  // Another test run may use the registered port.
  const redirect = { hostname: "localhost", path: "/callback", ports: [0] } as const;
  return {
    provider: oauthProvider({ ...astro, redirect }, needs, astroHooks),
    target: { host: server.api },
    issuer: server.issuer,
    browse: asItIs,
    isActive: (token) => server.isActive(token),
    get hasEnded(): boolean {
      return server.familyRevoked;
    },
    endAll: () => server.revokeAll(),
    goAway: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

const subjects: readonly Subject[] = [
  { id: "oidc", revokes: true, open: () => openStandard(oidc) },
  { id: "gitlab", revokes: true, open: () => openStandard(gitlab) },
  { id: "github", revokes: false, open: () => openStandard(github, gitHubs) },
  { id: "databricks", revokes: false, open: openDatabricks },
  { id: "astro", revokes: true, open: openAstro },
];

for (const subject of subjects) testProvider(subject);

Deno.test("every platform is in the suite", () => {
  const ids = (known: readonly { readonly id: string }[]): string[] =>
    known.map(({ id }) => id).sort();
  assert.deepEqual(ids(subjects), ids(platforms));
});
