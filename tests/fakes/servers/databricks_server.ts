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
  type PersonalAccessToken,
  PersonalAccessTokens,
  type TokenOptions,
} from "./personal_access_tokens.ts";
import type { Rotation } from "./token_families.ts";

export interface DatabricksOptions extends LoopbackServerOptions {
  /** `workspace` by default. */
  readonly type?: HostType;
  /** The names of the account's workspaces by ID; one by default. */
  readonly workspaces?: Readonly<Record<string, string>>;
  /** Personal access tokens that one user may have, 600 by default. */
  readonly quota?: number;
}

/** An answered request, without its query, headers and body, which may contain secrets. */
export interface DatabricksRequest {
  readonly method: string;
  readonly path: string;
  /** `undefined` for an unknown path. */
  readonly route?: DatabricksRoute;
  readonly grant?: string;
  readonly principal?: string;
  readonly status: number;
  /** Whether it succeeded. */
  readonly ok: boolean;
}

/** The only account and workspace. */
export const accountId = "6f0b2d5e-0000-4000-8000-00000000acc7";
export const workspaceId = "7405600000000001";

/**
 * A Databricks host on one loopback port: its login, which approves at once, and the parts of its API that fob
 * uses. The controls change its later responses. The endpoints and responses follow the Go SDK v0.175.0,
 * the vendor's CLI and its test server. Error texts are guesses, except "Refresh token is invalid".
 */
export class DatabricksServer {
  readonly host: DatabricksHost;
  /** Delay of the token endpoint's responses in milliseconds, after the grant is committed. */
  tokenDelay = 0;
  /** Whether `expires_in` is a string, as some Databricks servers write it. */
  isLifetimeText = false;
  /** The clusters, as the API lists them. */
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

  /** Closes at once, without pending responses. */
  async close(): Promise<void> {
    await this.#http.close();
  }

  /** Makes `route` fail for its next `times` requests; `undefined` repairs it. */
  async fault(route: DatabricksRoute, fault: Fault | undefined, times = Infinity): Promise<void> {
    await this.#http.fault(route, fault, times);
  }

  /** Shifts the server's clock: the Date header and every expiry. */
  clock(offsetSeconds: number): void {
    this.#http.clock(offsetSeconds);
  }

  /** Sets the lifetime of new access tokens in seconds; 3600 by default. */
  lifetime(seconds: number): void {
    this.#grants.families.lifetime = seconds;
  }

  /** Sets the rotation of used refresh tokens; `revoke` by default. */
  rotate(rotation: Rotation): void {
    this.#grants.families.rotation = rotation;
  }

  /** Makes access tokens JWTs with their scope. */
  writeJwts(): void {
    this.#grants.families.write = writeJwt;
  }

  /** Makes the user deny every request from now on. */
  deny(): void {
    this.#grants.denied = true;
  }

  /** Expires every access token of a login; the refresh tokens stay valid. */
  expireTokens(): void {
    this.#grants.families.expireAccessTokens();
  }

  /** Ends every login, and deletes every personal access token. */
  revokeAll(): void {
    this.#grants.families.endAll();
    this.#tokens.deleteAll();
  }

  /** Accepts `refreshToken` as from an earlier login of the user. */
  adopt(refreshToken: string, scope = "offline_access all-apis"): void {
    this.#grants.families.adopt(refreshToken, scope, person);
  }

  /** Creates a personal access token for the user, with `value` if given. */
  addToken(options: TokenOptions = {}, value?: string): PersonalAccessToken {
    const token = this.#tokens.create(person, options, value);
    if (token === undefined) throw new Error("The quota is used up");
    return token;
  }

  /** Deletes a token of the user, as the user does in the web page. */
  delete(id: string): boolean {
    return this.#tokens.delete(person, id);
  }

  /** Sets the maximum lifetime of a personal access token in seconds. */
  setLongestLife(seconds: number): void {
    this.#tokens.longestLife = seconds;
  }

  setQuota(quota: number): void {
    this.#tokens.quota = quota;
  }

  /** Adds an app of `creator`. */
  addApp(name: string, creator: string): void {
    this.#apps.set(name, creator);
  }

  addServicePrincipal(clientId: string, secret: string): void {
    this.#grants.secrets.set(clientId, secret);
  }

  /** Trusts `subjectToken` as the service principal `clientId`, or by account-wide federation. */
  trust(subjectToken: string, clientId?: string): void {
    this.#grants.subjects.set(subjectToken, { clientId });
  }

  /** The principal of an access token of a login or a personal one; `undefined` if it is invalid. */
  principalOf(token: string): string | undefined {
    const { families } = this.#grants;
    if (families.isActive(token)) return families.of(token)?.principal;
    return this.#tokens.withValue(token)?.owner;
  }

  /** The valid personal access tokens. */
  liveTokens(): readonly PersonalAccessToken[] {
    return this.#tokens.live();
  }

  /** Whether a login has ended: a refresh token was used twice or revoked. */
  get familyRevoked(): boolean {
    return this.#grants.families.revoked;
  }

  /** The requests so far, in the order of the responses. */
  get requests(): readonly DatabricksRequest[] {
    return this.#log;
  }

  /** The number of successful requests of a grant type or to a route. */
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

  /** A call of the API. An invalid personal token gets 403, as observed for revoked ones. */
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
