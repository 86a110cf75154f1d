import { mark } from "../../canaries/mark.ts";
import { answerAuthorization, answerForm, done, Refusal } from "../machine/refusal.ts";
import { AuthorizationCodes, type Granted } from "./authorization_codes.ts";
import { createIdTokenSigner, type IdTokenSigner } from "./id_token.ts";
import { type Answer, LoopbackServer } from "./loopback_server.ts";
import { TokenFamilies } from "./token_families.ts";

/** The client ID and the audience in the configuration. */
const clientId = "astro-cli-client";
const audience = "astronomer-ee";
/** The API key of the domain. */
const key = { id: "key-1", secret: "key-secret" };

const routes = {
  "/private/v1alpha1/cli/auth-config": "config",
  "/authorize": "authorize",
  "/oauth/token": "token",
  "/oauth/revoke": "revoke",
  "/v1": "houston",
} as const;

type Route = typeof routes[keyof typeof routes];

/** Starts an Astro domain on one loopback port. */
export async function startAstroServer(): Promise<AstroServer> {
  return new AstroServer(await createIdTokenSigner("RS256"));
}

/**
 * An Astro domain with one user: the API with the sign-in configuration, and its Auth0 server, which redirects
 * only to the vendor's registered URIs. It requires what astro-cli sends. At `/v1` it is also the API of a
 * private Astro, where the user has a password.
 */
export class AstroServer {
  /** Overrides the domain URL in the configuration; by default this server's URL. */
  domainUrl: string | undefined;
  readonly #http: LoopbackServer<Route>;
  readonly #signer: IdTokenSigner;
  readonly #families: TokenFamilies;
  readonly #codes: AuthorizationCodes;
  readonly #granted: string[] = [];

  constructor(signer: IdTokenSigner) {
    this.#http = new LoopbackServer((request) => this.#serve(request));
    this.#signer = signer;
    this.#families = new TokenFamilies(() => this.#http.now());
    this.#codes = new AuthorizationCodes(this.#families);
  }

  get api(): string {
    return this.#http.origin;
  }

  get issuer(): string {
    return `${this.#http.origin}/`;
  }

  /** The grant types that returned tokens. */
  get granted(): readonly string[] {
    return this.#granted;
  }

  get familyRevoked(): boolean {
    return this.#families.revoked;
  }

  /** Ends every login. */
  revokeAll(): void {
    this.#families.endAll();
  }

  isActive(accessToken: string): boolean {
    return this.#families.isActive(accessToken);
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #serve(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const route = Object.entries(routes).find(([path]) => path === pathname)?.[1];
    if (route === undefined) return new Response("Not Found", { status: 404 });
    return (await this.#http.answer(route, () => this.#answer(route, request))).response;
  }

  #answer(route: Route, request: Request): Promise<Answer> | Answer {
    switch (route) {
      case "config":
        return done(this.#config(request));
      case "authorize":
        return this.#authorize(new URL(request.url).searchParams);
      case "token":
        return answerForm(request, (sent) => this.#grant(sent));
      case "revoke":
        return answerForm(request, (sent) => {
          requireClient(sent);
          const family = this.#families.of(sent.get("token") ?? "");
          if (family !== undefined) this.#families.end(family);
          return new Response("");
        });
      case "houston":
        return answerHouston(request);
    }
  }

  #config({ headers }: Request): Response {
    if (headers.get("x-astro-client-identifier") !== "cli") {
      return new Response("Unknown client", { status: 400 });
    }
    return Response.json({ clientId, audience, domainUrl: this.domainUrl ?? this.issuer });
  }

  /** Auth0 does not redirect to an unregistered URI. */
  #authorize(request: URLSearchParams): Answer {
    const redirect = request.get("redirect_uri") ?? "";
    const isKnown = request.get("client_id") === clientId;
    if (!isKnown || !/^http:\/\/localhost:\d+\/callback$/.test(redirect)) {
      return done(new Response("Unknown client or redirect", { status: 400 }));
    }
    return answerAuthorization(request, this.issuer, () => {
      const isAsked = request.get("audience") === audience && request.get("prompt") === "login";
      if (!isAsked) throw new Refusal("invalid_request");
      return this.#codes.issue(request, "openid");
    });
  }

  async #grant(sent: URLSearchParams): Promise<Response> {
    const grant = sent.get("grant_type") ?? "";
    if (grant === "client_credentials") return this.#grantToKey(sent);
    requireClient(sent);
    const issued = await this.#issue(grant, sent);
    this.#granted.push(grant);
    const { accessToken, refreshToken, expiresIn, nonce, family: { scope } } = issued;
    const iat = Math.floor(this.#http.now() / 1000);
    const person = { sub: "auth0|1", email: "ada@example.com" };
    const claims = { iss: this.issuer, aud: clientId, ...person, iat, exp: iat + expiresIn };
    return Response.json({
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: expiresIn,
      token_type: "Bearer",
      scope,
      id_token: await this.#signer.sign(nonce === undefined ? claims : { ...claims, nonce }),
    });
  }

  /** The request of astro-cli for a key: everything in the body, and no scope (cmd/cloud/setup.go). */
  #grantToKey(sent: URLSearchParams): Response {
    const isKey = sent.get("client_id") === key.id && sent.get("client_secret") === key.secret;
    if (!isKey) throw new Refusal("access_denied", "Unauthorized", 401);
    if (sent.get("audience") !== audience || sent.has("scope")) {
      throw new Refusal("invalid_request");
    }
    this.#granted.push("client_credentials");
    const { accessToken, expiresIn } = this.#families.startWithoutRefresh("", key.id);
    return Response.json({
      access_token: accessToken,
      expires_in: expiresIn,
      token_type: "Bearer",
    });
  }

  #issue(grant: string, sent: URLSearchParams): Promise<Granted> | Granted {
    if (grant === "authorization_code") return this.#codes.redeem(sent);
    const rotated = grant === "refresh_token" &&
      this.#families.rotate(sent.get("refresh_token") ?? "");
    if (!rotated) throw new Refusal("invalid_grant", "Unknown or invalid refresh token.", 403);
    return rotated;
  }
}

/** GraphQL: a refusal is an error with HTTP 200. */
async function answerHouston(request: Request): Promise<Answer> {
  const { query, variables: { identity, password } } = await request.json();
  const isKnown = identity === "ada" && password === "open sesame";
  if (!/createToken\(identity: \$identity, password: \$password\)/.test(query) || !isKnown) {
    const message = `No user "${identity}" with the password "${password}"`;
    return done(Response.json({ errors: [{ message }], data: { createToken: null } }));
  }
  return done(
    Response.json({ data: { createToken: { token: { value: `houston-token-${mark}` } } } }),
  );
}

/** A public client sends only its ID. */
function requireClient(sent: URLSearchParams): void {
  if (sent.get("client_id") !== clientId) throw new Refusal("invalid_client");
}
