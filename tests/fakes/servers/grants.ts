import { freshCanary, hiddenMark } from "../../canaries/mark.ts";
import { Refusal } from "../machine/refusal.ts";
import { AuthorizationCodes, type Granted } from "./authorization_codes.ts";
import { TokenFamilies } from "./token_families.ts";

/** The client for sign-ins. It is public: it has no secret. */
export const clientId = "fob";

/** The client for client credentials. It authenticates with HTTP Basic. */
export const robot = { id: "robot", secret: "robot-secret" } as const;

export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresIn: number;
  readonly interval: number;
}

interface DeviceRequest {
  readonly scope: string;
  readonly expiresAt: number;
  /** The minimum polling interval in seconds. */
  interval: number;
  polls: number;
  lastPoll?: number;
}

/** The lifetime of a device code and its polling interval, in seconds. */
export interface DevicePace {
  readonly lifetime: number;
  readonly interval: number;
}

/** The grants of the server: authorization codes, device codes, refresh tokens and exchanges. */
export class Grants {
  readonly families: TokenFamilies;
  /** Whether the user denies every request. */
  denied = false;
  /** Tokens of another issuer that are accepted for exchange. */
  readonly trusted = new Set<string>();
  /** The number of polls that get `authorization_pending`. */
  pendingPolls = 1;
  readonly #now: () => number;
  readonly #pace: DevicePace;
  readonly #codes: AuthorizationCodes;
  readonly #devices = new Map<string, DeviceRequest>();

  constructor(now: () => number, pace: DevicePace) {
    this.families = new TokenFamilies(now);
    this.#codes = new AuthorizationCodes(this.families);
    this.#now = now;
    this.#pace = pace;
  }

  /** A code for an authorization request. */
  authorize(request: URLSearchParams): string {
    const code = this.#codes.issue(request, "openid");
    if (this.denied) throw new Refusal("access_denied");
    return code;
  }

  startDevice(request: URLSearchParams): DeviceCode {
    requireClient(request);
    const { lifetime: expiresIn, interval } = this.#pace;
    const deviceCode = `dc-${freshCanary(hiddenMark)}`;
    const userCode = deviceCode.slice(-8).toUpperCase().replace(/^.{4}/, "$&-");
    const expiresAt = this.#now() + expiresIn * 1000;
    const scope = request.get("scope") ?? "openid";
    this.#devices.set(deviceCode, { scope, expiresAt, interval, polls: 0 });
    return { deviceCode, userCode, expiresIn, interval };
  }

  /** The tokens for a token request. Throws {@link Refusal}. The grant is committed when it returns. */
  grant(
    type: string,
    request: URLSearchParams,
    authorization: string | null,
  ): Promise<Granted> | Granted {
    if (type === "client_credentials") return this.#grantRobot(request, authorization);
    if (type === "token_exchange") return this.#exchangeToken(request);
    requireClient(request);
    switch (type) {
      case "authorization_code":
        return this.#codes.redeem(request);
      case "refresh_token":
        return this.#refresh(request);
      case "device_code":
        return this.#poll(request);
      default:
        throw new Refusal("unsupported_grant_type");
    }
  }

  /** RFC 7009 section 2.1. An unknown token is not an error. */
  revoke(request: URLSearchParams): void {
    requireClient(request);
    const token = request.get("token");
    if (token === null) throw new Refusal("invalid_request");
    const family = this.families.of(token);
    if (family !== undefined) this.families.end(family);
  }

  /** RFC 6749 section 4.4. */
  #grantRobot(request: URLSearchParams, authorization: string | null): Granted {
    const expected = `Basic ${btoa(`${robot.id}:${robot.secret}`)}`;
    if (authorization !== expected) throw new Refusal("invalid_client");
    return this.#grantWithoutRefresh(request);
  }

  /** RFC 8693 section 2.1. The client ID is optional. */
  #exchangeToken(request: URLSearchParams): Granted {
    if (request.has("client_id")) requireClient(request);
    const type = request.get("subject_token_type");
    const token = request.get("subject_token");
    if (type !== "urn:ietf:params:oauth:token-type:jwt" || token === null) {
      throw new Refusal("invalid_request");
    }
    if (!this.trusted.has(token)) throw new Refusal("invalid_grant");
    return this.#grantWithoutRefresh(request);
  }

  #grantWithoutRefresh(request: URLSearchParams): Granted {
    const { refreshToken: _, ...issued } = this.families.start(request.get("scope") ?? "api");
    return issued;
  }

  #refresh(request: URLSearchParams): Granted {
    const token = request.get("refresh_token");
    if (token === null) throw new Refusal("invalid_request");
    const issued = this.families.rotate(token);
    if (issued === undefined) throw new Refusal("invalid_grant");
    return issued;
  }

  /** RFC 8628 section 3.5. A poll that is too early increases the interval permanently. */
  #poll(request: URLSearchParams): Granted {
    const deviceCode = request.get("device_code") ?? "";
    const device = this.#devices.get(deviceCode);
    if (device === undefined) throw new Refusal("invalid_grant");
    if (this.#now() >= device.expiresAt) throw new Refusal("expired_token");
    if (this.denied) throw new Refusal("access_denied");
    if (isTooSoon(device)) {
      device.interval += 5;
      throw new Refusal("slow_down");
    }
    if (device.polls++ < this.pendingPolls) throw new Refusal("authorization_pending");
    this.#devices.delete(deviceCode);
    return this.families.start(device.scope);
  }
}

function requireClient(request: URLSearchParams): void {
  if (request.get("client_id") !== clientId) throw new Refusal("invalid_client");
}

/** Records the poll. Timers may fire early, so 50 ms are tolerated. */
function isTooSoon(device: DeviceRequest): boolean {
  const last = device.lastPoll;
  device.lastPoll = performance.now();
  return last !== undefined && device.lastPoll - last < device.interval * 1000 - 50;
}
