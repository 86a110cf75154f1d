import * as oauth from "oauth4webapi";
import { FobError } from "../../errors.ts";
import { foreignText } from "../../text/printable.ts";
import { readAnswer } from "../answer.ts";
import { type Client, resourceParameter } from "../client.ts";
import { interruption } from "../interruption.ts";
import { requireLinkedUrl } from "../secure_url.ts";
import { type Granted, granted, isOAuthError, nameEndpoint } from "../token_endpoint.ts";
import type { SignInPrompts } from "./sign_in_prompts.ts";

/** Waits `milliseconds`; rejects as soon as the signal aborts. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export interface DeviceAuthorizationRequest {
  /** RFC 6749 section 3.3; not sent if empty. */
  readonly scopes: readonly string[];
  /** Saves the result. */
  readonly keep: (granted: Granted) => Promise<void>;
  readonly sleep?: Sleep;
}

/** The default polling interval in seconds, and what `slow_down` adds to it: RFC 8628 section 3.5. */
const defaultInterval = 5;
/** The longest delay of a timer, in milliseconds. */
const longestWait = 0x7fff_ffff;

/**
 * Signs in with a code that the user enters on any device, RFC 8628. Throws `sign_in_timeout` when the code
 * expires and `provider_refused` when the user denies the request.
 */
export async function deviceAuthorizationGrant(
  client: Client,
  request: DeviceAuthorizationRequest,
  prompts: SignInPrompts,
  signal: AbortSignal,
): Promise<Granted> {
  const device = await authorizeDevice(client, request.scopes);
  const deadline = client.now() + device.expires_in * 1000;
  await prompts.showUserCode(userCode(client, device));
  const result = await poll(client, device, deadline, request.sleep ?? sleep, signal);
  await request.keep(result);
  return result;
}

async function authorizeDevice(
  client: Client,
  scopes: readonly string[],
): Promise<oauth.DeviceAuthorizationResponse> {
  const { server, registration, authentication, options } = client;
  if (server.device_authorization_endpoint === undefined) {
    const message = `"${foreignText(server.issuer)}" does not support sign-in with a device code`;
    throw new FobError("provider_refused", message, { facts: { device: "unsupported" } });
  }
  const response = await oauth.deviceAuthorizationRequest(
    server,
    registration,
    authentication,
    {
      ...resourceParameter(client),
      ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
    },
    options,
  );
  return await readAnswer(
    nameEndpoint(client, "device authorization"),
    response,
    (it) => oauth.processDeviceAuthorizationResponse(server, registration, it),
  );
}

function userCode(
  { server }: Client,
  device: oauth.DeviceAuthorizationResponse,
): Parameters<SignInPrompts["showUserCode"]>[0] {
  const issuer = new URL(server.issuer);
  const { user_code, verification_uri, verification_uri_complete: complete } = device;
  return {
    userCode: foreignText(user_code),
    verificationUri: requireLinkedUrl(verification_uri, "verification_uri", issuer).href,
    ...(complete === undefined ? {} : {
      verificationUriComplete: requireLinkedUrl(complete, "verification_uri_complete", issuer).href,
    }),
  };
}

async function poll(
  client: Client,
  device: oauth.DeviceAuthorizationResponse,
  deadline: number,
  wait: Sleep,
  signal: AbortSignal,
): Promise<Granted> {
  let interval = Math.max(device.interval ?? defaultInterval, 1);
  while (true) {
    const left = deadline - client.now();
    await wait(Math.min(interval * 1000, Math.max(left, 0), longestWait), signal);
    if (client.now() >= deadline) throw expired(client);
    try {
      return await redeem(client, device);
    } catch (error) {
      if (isOAuthError(error, "expired_token")) throw expired(client);
      interval = nextInterval(error, interval);
    }
  }
}

/** RFC 8628 section 3.5; throws `error` if it ends the polling. */
function nextInterval(error: unknown, interval: number): number {
  if (isOAuthError(error, "authorization_pending")) return interval;
  if (isOAuthError(error, "slow_down")) {
    return Math.max(interval + defaultInterval, Number(error.facts.interval ?? 0));
  }
  if (error instanceof FobError && error.code === "provider_unreachable") return interval * 2;
  throw error;
}

async function redeem(
  client: Client,
  { device_code }: oauth.DeviceAuthorizationResponse,
): Promise<Granted> {
  const { server, registration, authentication, options } = client;
  const askedAt = client.now();
  const response = await oauth.deviceCodeGrantRequest(
    server,
    registration,
    authentication,
    device_code,
    { ...options, additionalParameters: resourceParameter(client) },
  );
  const answer = await readAnswer(
    nameEndpoint(client, "token"),
    response,
    (it) => oauth.processDeviceCodeResponse(server, registration, it),
  );
  return granted(answer, { askedAt, answeredAt: client.now() });
}

function expired({ server }: Client): FobError {
  const message = `The device code from "${
    foreignText(server.issuer)
  }" expired before it was entered`;
  return new FobError("sign_in_timeout", message);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(interruption(signal));
    const abort = () => {
      clearTimeout(timer);
      reject(interruption(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", abort, { once: true });
  });
}
