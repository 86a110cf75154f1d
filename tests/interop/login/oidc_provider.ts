import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
// @ts-types="@types/oidc-provider"
import Provider, { type Configuration } from "oidc-provider";
import { Secret } from "../../../src/secret.ts";

/** A real OpenID provider in this process. The user "ada" approves everything. */
export interface OidcProvider extends AsyncDisposable {
  readonly issuer: string;
  /** The paths of the requests to the provider, in order. */
  readonly requests: readonly string[];
}

type Features = NonNullable<Configuration["features"]>;

/** A confidential client for client credentials. Its secret has characters that must be encoded in a header. */
export const robot = {
  clientId: "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
  clientSecret: new Secret("s3cret:+/=%_-.~ !"),
};

/**
 * Starts oidc-provider on a free port, with the public native client "fob" and the confidential client
 * {@link robot}. `features` override the defaults.
 */
export async function startOidcProvider(features: Features = {}): Promise<OidcProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = silently(() => new Provider(issuer, configuration(features)));
  const answer = provider.callback();
  const requests: string[] = [];
  server.on("request", (request, response) => {
    const { pathname } = new URL(request.url ?? "", issuer);
    requests.push(pathname);
    if (pathname.startsWith("/interaction/")) agree(provider, request, response);
    else answer(request, response);
  });
  return {
    issuer,
    requests,
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function configuration(features: Features): Configuration {
  return {
    clients: [{
      client_id: "fob",
      application_type: "native",
      token_endpoint_auth_method: "none",
      redirect_uris: ["http://127.0.0.1/callback"],
      grant_types: [
        "authorization_code",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
      ],
      response_types: ["code"],
    }, {
      client_id: robot.clientId,
      client_secret: robot.clientSecret.reveal(),
      redirect_uris: [],
      grant_types: ["client_credentials"],
      response_types: [],
    }],
    cookies: { keys: ["not a secret"] },
    claims: { openid: ["sub"], email: ["email"] },
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, email: "ada@example.com" }),
    }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
      pushedAuthorizationRequests: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (context, form) => void (context.body = form),
        userCodeConfirmSource: (context, form) => void (context.body = form),
        successSource: (context) => void (context.body = "agreed"),
      },
      ...features,
    },
    ttl: { AccessToken: 3600, RefreshToken: 86_400, Session: 600, Interaction: 600, Grant: 86_400 },
  };
}

/** The user's side of the login and consent prompts. */
async function agree(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    await provider.interactionFinished(request, response, { login: { accountId: "ada" } });
    return;
  }
  const grant = new provider.Grant({ accountId: "ada", clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { consent }, {
    mergeWithLastSubmission: true,
  });
}

/** oidc-provider warns on the console about every default setting. */
function silently<T>(run: () => T): T {
  const { info, warn } = console;
  console.info = console.warn = () => {};
  try {
    return run();
  } finally {
    Object.assign(console, { info, warn });
  }
}
