import { present } from "../../../src/present.ts";
import { done } from "../machine/refusal.ts";
import type { Fault } from "../stores/fault.ts";
import { answerCall, apiError } from "./databricks_api.ts";
import { DatabricksGrants, person, writeJwt } from "./databricks_grants.ts";
import {
  type DatabricksHost,
  type DatabricksRoute,
  hostMetadata,
  type HostType,
  routeAt,
  serverMetadata,
} from "./databricks_host.ts";
import { answerDiscovery, answerLogin, answerToken } from "./databricks_login.ts";
import { type Answer, LoopbackServer, type LoopbackServerOptions } from "./loopback_server.ts";
import {
  type Freshness,
  type PersonalAccessToken,
  PersonalAccessTokens,
} from "./personal_access_tokens.ts";
import type { Rotation } from "./token_families.ts";

export interface DatabricksOptions extends LoopbackServerOptions {
  /** `workspace` by default. */
  readonly type?: HostType;
  /** The names of the account's workspaces by their ids; one by default. */
  readonly workspaces?: Readonly<Record<string, string>>;
  /** Personal access tokens that one user may have, 600 by default. */
  readonly quota?: number;
}

/** A request that has been answered. Its query, headers and body are nobody's business. */
export interface DatabricksRequest {
  readonly method: string;
  readonly path: string;
  /** `undefined` where the host has nothing at the path. */
  readonly route?: DatabricksRoute;
  readonly grant?: string;
  readonly principal?: string;
  readonly status: number;
  /** Whether it did what it was for. */
  readonly ok: boolean;
}

/** The only account and workspace. */
export const accountId = "6f0b2d5e-0000-4000-8000-00000000acc7";
export const workspaceId = "7405600000000001";

/**
 * A Databricks host on one loopback port: its login, which approves at once, and the parts of its
 * API that fob uses. What it answers follows from what it was asked before; the controls change what it
 * does from now on. The endpoints and their answers are those that the Go SDK v0.175.0, the vendor's
 * CLI and its test server know. Error texts, but for "Refresh token is invalid", are guesses.
 */
export class DatabricksServer {
  readonly host: DatabricksHost;
  /** Milliseconds that the token endpoint holds its answers back, once what they grant is committed. */
  tokenDelay = 0;
  /** Whether `expires_in` is a string, as some Databricks servers write it. */
  isLifetimeText = false;
  /** The clusters, as the API tells of them. */
  clusters: readonly Readonly<Record<string, unknown>>[] = [];
  readonly #http: LoopbackServer<DatabricksRoute>;
  readonly #grants: DatabricksGrants;
  readonly #tokens: PersonalAccessTokens;
  readonly #apps = new Map<string, string>();
  readonly #log: DatabricksRequest[] = [];

  constructor(settings: DatabricksOptions = {}) {
    const { type = "workspace", quota = 600, ...options } = settings;
    const workspaces = settings.workspaces ?? { [workspaceId]: "analytics" };
    this.#http = new LoopbackServer((request) => this.#serve(request), options);
    const now = (): number => this.#http.now();
    this.#grants = new DatabricksGrants(now);
    this.#tokens = new PersonalAccessTokens(now, quota);
    this.host = { origin: this.#http.origin, type, accountId, workspaceId, workspaces };
  }

  /** Ends, whatever answers it still owes. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  /** Makes `route` fail for its next `times` requests, or heals it. */
  async fault(route: DatabricksRoute, fault: Fault | undefined, times = Infinity): Promise<void> {
    await this.#http.fault(route, fault, times);
  }

  /** Shifts the server's clock: the Date header, and whatever expires. */
  clock(offsetSeconds: number): void {
    this.#http.clock(offsetSeconds);
  }

  /** Seconds that access tokens live from now on; 3600 at first. */
  lifetime(seconds: number): void {
    this.#grants.families.lifetime = seconds;
  }

  /** What becomes of refresh tokens that are used; `revoke` at first. */
  rotate(rotation: Rotation): void {
    this.#grants.families.rotation = rotation;
  }

  /** Makes access tokens JWTs that tell their scope. */
  writeJwts(): void {
    this.#grants.families.write = writeJwt;
  }

  /** Makes the person say no from now on. */
  deny(): void {
    this.#grants.denied = true;
  }

  /** Ends the time of every access token that a login gave; the refresh tokens stay good. */
  expireTokens(): void {
    this.#grants.families.expireAccessTokens();
  }

  /** Ends every login, and deletes every personal access token. */
  revokeAll(): void {
    this.#grants.families.endAll();
    this.#tokens.deleteAll();
  }

  /** Lets `refreshToken` be what an earlier login of the person gave. */
  adopt(refreshToken: string, scope = "offline_access all-apis"): void {
    this.#grants.families.adopt(refreshToken, scope, person);
  }

  /** Gives the person a personal access token, of this value where one is named. */
  addToken(wish: Freshness = {}, value?: string): PersonalAccessToken {
    const token = this.#tokens.create(person, wish, value);
    if (token === undefined) throw new Error("The quota is used up");
    return token;
  }

  /** Deletes a token of the person, as they do by hand. */
  delete(id: string): boolean {
    return this.#tokens.delete(person, id);
  }

  /** Lets no token be made that lives for more seconds. */
  setLongestLife(seconds: number): void {
    this.#tokens.longestLife = seconds;
  }

  setQuota(quota: number): void {
    this.#tokens.quota = quota;
  }

  /** An app that `creator` has made. */
  addApp(name: string, creator: string): void {
    this.#apps.set(name, creator);
  }

  addServicePrincipal(clientId: string, secret: string): void {
    this.#grants.secrets.set(clientId, secret);
  }

  /** Takes `subjectToken` for an identity: of the service principal, or of one that is federated. */
  trust(subjectToken: string, clientId?: string): void {
    this.#grants.subjects.set(subjectToken, { clientId });
  }

  /** Whose `token` is: an access token of a login or a personal one. `undefined` where it is no good. */
  principalOf(token: string): string | undefined {
    const { families } = this.#grants;
    if (families.isActive(token)) return families.of(token)?.principal;
    return this.#tokens.withValue(token)?.owner;
  }

  /** The personal access tokens that are good now. */
  liveTokens(): readonly PersonalAccessToken[] {
    return this.#tokens.live();
  }

  /** Whether any login has ended: a refresh token was used twice, or somebody revoked it. */
  get familyRevoked(): boolean {
    return this.#grants.families.revoked;
  }

  /** The requests so far, in the order of their answers. */
  get requests(): readonly DatabricksRequest[] {
    return this.#log;
  }

  /** How many requests of a grant type, or to a route, did what they were for. */
  count(name: string): number {
    return this.#log.filter(({ route, grant, ok }) => ok && (grant ?? route) === name).length;
  }

  async #serve(request: Request): Promise<Response> {
    const { method } = request;
    const { pathname: path } = new URL(request.url);
    const route = routeAt(method, path, this.host);
    const { response, ...rest } = route === undefined
      ? done(apiError(404, "ENDPOINT_NOT_FOUND", `No API found for ${method} ${path}`))
      : await this.#http.answer(route, () => this.#answer(route, request));
    const { status } = response;
    this.#log.push({ method, path, ...present({ route }), ...rest, status });
    return response;
  }

  #answer(route: DatabricksRoute, request: Request): Promise<Answer> | Answer {
    const { searchParams } = new URL(request.url);
    switch (route) {
      case "host_metadata":
        return done(Response.json(hostMetadata(this.host)));
      case "server_metadata":
        return done(Response.json(serverMetadata(this.host)));
      case "discovery":
        return answerDiscovery(searchParams, this.host);
      case "authorize":
        return answerLogin(searchParams, this.host, this.#grants);
      case "token":
        return answerToken(request, this.#grants, {
          isLifetimeText: this.isLifetimeText,
          hold: () => this.#http.pause(this.tokenDelay),
        });
      default:
        return this.#call(route, request);
    }
  }

  /** A call of the API. A personal token that is no good is answered 403, as revoked ones have been met. */
  async #call(route: DatabricksRoute, request: Request): Promise<Answer> {
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
    if (token === undefined) return done(apiError(401, 401, "Credential was not sent"));
    const principal = this.principalOf(token);
    if (principal === undefined) {
      const status = token.startsWith("dapi") ? 403 : 401;
      return done(apiError(status, status, "Invalid access token"));
    }
    const call = {
      request,
      principal,
      host: this.host,
      tokens: this.#tokens,
      clusters: this.clusters,
      apps: this.#apps,
    };
    return { ...done(await answerCall(route, call)), principal };
  }
}
