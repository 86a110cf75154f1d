import { FobError } from "../errors.ts";
import { readAnswer } from "../oauth/answer.ts";
import { documentedServer } from "../oauth/documented_server.ts";
import type { DiscoveredServer, Lookup } from "../oauth/metadata.ts";
import { requireLinkedUrl, requireSecureUrl } from "../oauth/secure_url.ts";
import { foreignText } from "../text/printable.ts";
import { tokenForPassword } from "./astro_private.ts";
import type { LocatedServer, PlatformHooks } from "./provider.ts";

/** Where an API of Astro says how to sign in (astro-cli, pkg/astroauth/config.go). */
const configPath = "/private/v1alpha1/cli/auth-config";

/** How the Auth0 server of an Astro domain is found, which follows no RFC. */
export const astroHooks: PlatformHooks = {
  async findServer({ host, issuer }, lookup): Promise<LocatedServer> {
    if (issuer !== undefined) return { server: serverOf(issuer) };
    if (host === undefined) {
      throw new FobError("usage", "There is no Astro domain to sign in to", {
        facts: { option: "--host" },
      });
    }
    const api = new URL(requireSecureUrl(host, "host").origin);
    const { clientId, audience, domainUrl } = await readConfig(api, lookup);
    const server = serverOf(requireLinkedUrl(domainUrl, "sign-in address", api).href);
    // As the vendor's own client asks; Auth0 issues tokens for an API only where it is named.
    return { server, clientId, audience, parameters: { audience, prompt: "login" } };
  },

  tokenForPassword,

  serverOf: (issuer) => Promise.resolve(serverOf(issuer)),

  // The ID token says it.
  identify: () => Promise.resolve(undefined),
};

/** The endpoints that every Auth0 server has; its issuer ends with a slash. */
function serverOf(issuer: string): DiscoveredServer {
  const address = issuer.endsWith("/") ? issuer : `${issuer}/`;
  return documentedServer({
    issuer: address,
    authorization_endpoint: `${address}authorize`,
    token_endpoint: `${address}oauth/token`,
    revocation_endpoint: `${address}oauth/revoke`,
    // As the vendor's own client sends the secret of a key.
    token_endpoint_auth_methods_supported: ["client_secret_post", "none"],
  });
}

interface AstroConfig {
  readonly clientId: string;
  readonly audience: string;
  readonly domainUrl: string;
}

async function readConfig(api: URL, { fetch, signal }: Lookup): Promise<AstroConfig> {
  const headers = { accept: "application/json", "x-astro-client-identifier": "cli" };
  const response = await fetch(`${api.origin}${configPath}`, { headers, signal });
  const what = `The sign-in configuration of "${foreignText(api.origin)}"`;
  return await readAnswer(what, response, async (it) => {
    const fields = await it.json() as Partial<Record<keyof AstroConfig, unknown>> | null;
    const text = (name: keyof AstroConfig): string => {
      const value = fields?.[name];
      if (typeof value === "string" && value !== "") return value;
      throw new TypeError(`it has no ${name}`);
    };
    return {
      clientId: text("clientId"),
      audience: text("audience"),
      domainUrl: text("domainUrl"),
    };
  });
}
