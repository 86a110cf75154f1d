import type { Fault } from "../stores/fault.ts";
import { answerAt, type Endpoint, endpointAt, type ServerState } from "./endpoints.ts";
import { Grants } from "./grants.ts";
import { createIdTokenSigner, type IdTokenSigner } from "./id_token.ts";
import { LoopbackServer } from "./loopback_server.ts";

/** Where a token request stands: nothing spent yet; the rotation committed; the answer handed over. */
export type TokenStage = "received" | "spent" | "answered";

export interface AuthorizationServerOptions {
  /** Any free port where it is absent. */
  readonly port?: number;
  /** Seconds between device polls, 1 by default. */
  readonly deviceInterval?: number;
  /** Seconds that a device code lives, 600 by default. */
  readonly deviceLifetime?: number;
}

export interface LoggedRequest {
  readonly endpoint: Endpoint;
  /** The grant type, at the token endpoint; `device_code` and `token_exchange` without their URN. */
  readonly grant?: string;
  readonly ok: boolean;
}

/** Starts an authorization server, and an API that takes its tokens, on one loopback port. */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions = {},
): Promise<AuthorizationServer> {
  return new AuthorizationServer(await createIdTokenSigner(), options);
}

/**
 * An OAuth and OpenID Connect server with one person, who approves at once, and two clients: `fob`, which
 * people sign in with, and `robot`, which has a secret and acts for itself.
 * What it answers follows from what it was asked before; the controls change what it does from now on.
 */
export class AuthorizationServer {
  /** Told of each token request; waited for before anything is spent, and before the answer. */
  onToken?: ((stage: TokenStage, grant: string) => void | Promise<void>) | undefined;
  readonly issuer: string;
  /** The API's address. The issuer's own address is described as a resource too. */
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

  /** Ends, whatever answers it still owes, once the hooks that it waits for are done. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  /** Seconds that access tokens live from now on; 3600 at first. */
  lifetime(seconds: number): void {
    this.#grants.families.lifetime = seconds;
  }

  /** Makes `endpoint` fail for its next `times` requests, or heals it. */
  async fault(endpoint: Endpoint, fault: Fault | undefined, times = Infinity): Promise<void> {
    await this.#http.fault(endpoint, fault, times);
  }

  /** Shifts the server's clock: the Date header, `iat`, `exp` and whatever expires. */
  clock(offsetSeconds: number): void {
    this.#http.clock(offsetSeconds);
  }

  /** Makes the metadata name another issuer than the one that it was asked of. */
  claimIssuer(issuer: string | undefined): void {
    this.#claimedIssuer = issuer;
  }

  /** Takes another issuer's token in exchange from now on. */
  trust(subjectToken: string): void {
    this.#grants.trusted.add(subjectToken);
  }

  /** Makes the person say no from now on. */
  deny(): void {
    this.#grants.denied = true;
  }

  /** How many polls are answered `authorization_pending` before the person approves; 1 at first. */
  deviceApproveAfter(polls: number): void {
    this.#grants.pendingPolls = polls;
  }

  /** Holds the token endpoint's answers back, once what they grant is committed. */
  delayToken(milliseconds: number): void {
    this.#tokenDelay = milliseconds;
  }

  /** Ends every grant, as when the person withdraws consent in a web page. */
  revokeAll(): void {
    this.#grants.families.endAll();
  }

  /** The requests so far, in the order of their answers. */
  get requests(): readonly LoggedRequest[] {
    return this.#log;
  }

  /** How many requests of a grant type, or to an endpoint, did what they were for. */
  count(name: string): number {
    return this.#log.filter(({ endpoint, grant, ok }) => ok && (grant ?? endpoint) === name).length;
  }

  /** Whether any family has ended: a token was used twice, or somebody revoked it. */
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
      // Nobody to tell where the connection went away first.
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
      tellToken: async (stage, grant) => await this.onToken?.(stage, grant),
      holdToken: () => this.#http.pause(this.#tokenDelay),
    };
  }
}
