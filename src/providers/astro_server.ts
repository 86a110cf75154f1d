import { FobError } from "../errors.ts";
import { readAnswer } from "../oauth/answer.ts";
import { documentedServer } from "../oauth/documented_server.ts";
import type { DiscoveredServer, Lookup } from "../oauth/metadata.ts";
import { requireLinkedUrl, requireSecureUrl } from "../oauth/secure_url.ts";
import { foreignText } from "../text/printable.ts";
import { tokenForPassword } from "./astro_private.ts";
import type { LocatedServer, PlatformHooks } from "./provider.ts";

/** The path of the sign-in configuration of an Astro API (astro-cli, pkg/astroauth/config.go). */
const configPath = "/private/v1alpha1/cli/auth-config";

/** Finds the Auth0 server of an Astro domain. No RFC describes this. */
export const astroHooks: PlatformHooks = {
  async findServer({ host, issuer }, lookup): Promise<LocatedServer> {
    if (issuer !== undefined) return { server: serverOf(issuer) };
    if (host === undefined) {
      throw new FobError("usage", "--host is required to sign in to Astro", {
        facts: { option: "--host URL" },
      });
    }
    const api = new URL(requireSecureUrl(host, "host").origin);
    const { clientId, audience, domainUrl } = await readConfig(api, lookup);
    const server = serverOf(requireLinkedUrl(domainUrl, "sign-in address", api).href);
    // The parameters of the Astro CLI. Auth0 issues tokens for an API only if `audience` names it.
    return { server, clientId, audience, parameters: { audience, prompt: "login" } };
  },

  tokenForPassword,

  serverOf: (issuer) => Promise.resolve(serverOf(issuer)),

  // The ID token contains the identity.
  identify: () => Promise.resolve(undefined),
};

/** The endpoints of every Auth0 server. Its issuer ends with a slash. */
function serverOf(issuer: string): DiscoveredServer {
  const address = issuer.endsWith("/") ? issuer : `${issuer}/`;
  return documentedServer({
    issuer: address,
    authorization_endpoint: `${address}authorize`,
    token_endpoint: `${address}oauth/token`,
    revocation_endpoint: `${address}oauth/revoke`,
    // The Astro CLI sends the secret of a key in the body.
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
      throw new TypeError(`"${name}" is missing`);
    };
    return {
      clientId: text("clientId"),
      audience: text("audience"),
      domainUrl: text("domainUrl"),
    };
  });
}
