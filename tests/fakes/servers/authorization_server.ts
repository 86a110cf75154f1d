import type { Fault } from "../stores/fault.ts";
import { answerAt, type Endpoint, endpointAt, type ServerState } from "./endpoints.ts";
import { Grants } from "./grants.ts";
import { createIdTokenSigner, type IdTokenSigner } from "./id_token.ts";
import { LoopbackServer } from "./loopback_server.ts";

/** The stage of a token request: received; the rotation committed; the response sent. */
export type TokenStage = "received" | "spent" | "answered";

export interface AuthorizationServerOptions {
  /** Any free port by default. */
  readonly port?: number;
  /** Seconds between device polls, 1 by default. */
  readonly deviceInterval?: number;
  /** Lifetime of a device code in seconds, 600 by default. */
  readonly deviceLifetime?: number;
}

export interface LoggedRequest {
  readonly endpoint: Endpoint;
  /** The grant type, at the token endpoint; `device_code` and `token_exchange` without their URN. */
  readonly grant?: string;
  readonly ok: boolean;
}

/** Starts an authorization server, and an API that accepts its tokens, on one loopback port. */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions = {},
): Promise<AuthorizationServer> {
  return new AuthorizationServer(await createIdTokenSigner(), options);
}

/**
 * An OAuth and OpenID Connect server with one user, who approves at once, and two clients: `fob`, for sign-ins,
 * and `robot`, which has a secret for client credentials. The controls change its later responses.
 */
export class AuthorizationServer {
  /** Called for each token request. The server awaits it before it commits, and before it responds. */
  onToken?: ((stage: TokenStage, grant: string) => void | Promise<void>) | undefined;
  readonly issuer: string;
  /** The URL of the API. The issuer's URL has resource metadata too. */
  readonly api: string;
  readonly #http: LoopbackServer<Endpoint>;
  readonly #signer: IdTokenSigner;
  readonly #grants: Grants;
  readonly #log: LoggedRequest[] = [];
  #claimedIssuer: string | undefined;
  #tokenDelay = 0;

  constructor(signer: IdTokenSigner, options: AuthorizationServerOptions) {
    const { port = 0, deviceLifetime: lifetime = 600, deviceInterval: interval = 1 } = options;
    this.#signer = signer;
    this.#http = new LoopbackServer((request, done) => this.#serve(request, done), { port });
    this.#grants = new Grants(() => this.#http.now(), { lifetime, interval });
    this.issuer = this.#http.origin;
    this.api = `${this.issuer}/api`;
  }

  /** Closes at once, without pending responses, after the running hooks have finished. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  /** Sets the lifetime of new access tokens in seconds; 3600 by default. */
  lifetime(seconds: number): void {
    this.#grants.families.lifetime = seconds;
  }

  /** Makes `endpoint` fail for its next `times` requests; `undefined` repairs it. */
  async fault(endpoint: Endpoint, fault: Fault | undefined, times = Infinity): Promise<void> {
    await this.#http.fault(endpoint, fault, times);
  }

  /** Shifts the server's clock: the Date header, `iat`, `exp` and every expiry. */
  clock(offsetSeconds: number): void {
    this.#http.clock(offsetSeconds);
  }

  /** Makes the metadata name another issuer. */
  claimIssuer(issuer: string | undefined): void {
    this.#claimedIssuer = issuer;
  }

  /** Accepts another issuer's token for exchange from now on. */
  trust(subjectToken: string): void {
    this.#grants.trusted.add(subjectToken);
  }

  /** Makes the user deny every request from now on. */
  deny(): void {
    this.#grants.denied = true;
  }

  /** Sets how many polls get `authorization_pending` before the user approves; 1 by default. */
  deviceApproveAfter(polls: number): void {
    this.#grants.pendingPolls = polls;
  }

  /** Delays the token endpoint's responses, after the grant is committed. */
  delayToken(milliseconds: number): void {
    this.#tokenDelay = milliseconds;
  }

  /** Ends every grant, as when the user withdraws consent. */
  revokeAll(): void {
    this.#grants.families.endAll();
  }

  /** The requests so far, in the order of the responses. */
  get requests(): readonly LoggedRequest[] {
    return this.#log;
  }

  /** The number of successful requests of a grant type or to an endpoint. */
  count(name: string): number {
    return this.#log.filter(({ endpoint, grant, ok }) => ok && (grant ?? endpoint) === name).length;
  }

  /** Whether a family has ended: a token was used twice or revoked. */
  get familyRevoked(): boolean {
    return this.#grants.families.revoked;
  }

  isActive(accessToken: string): boolean {
    return this.#grants.families.isActive(accessToken);
  }

  async #serve(request: Request, completed: Promise<void>): Promise<Response> {
    const endpoint = endpointAt(new URL(request.url).pathname);
    if (endpoint === undefined) return new Response("Not Found", { status: 404 });
    const { response, ok, grant } = await this.#http.answer(
      endpoint,
      () => answerAt(endpoint, request, this.#state()),
    );
    this.#log.push(grant === undefined ? { endpoint, ok } : { endpoint, grant, ok });
    if (grant !== undefined && ok) {
      // Rejects if the client closed the connection first.
      completed.then(() => this.onToken?.("answered", grant), () => {});
    }
    return response;
  }

  #state(): ServerState {
    return {
      issuer: this.issuer,
      claimedIssuer: this.#claimedIssuer ?? this.issuer,
      grants: this.#grants,
      signer: this.#signer,
      now: () => this.#http.now(),
      isAbsent: (endpoint) => this.#http.isAbsent(endpoint),
      onToken: async (stage, grant) => await this.onToken?.(stage, grant),
      holdToken: () => this.#http.pause(this.#tokenDelay),
    };
  }
}
