import * as oauth from "oauth4webapi";
import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import { foreignText } from "../../text/printable.ts";
import { oauthError, readAnswer } from "../answer.ts";
import { type Client, resourceParameter } from "../client.ts";
import { type Granted, granted, nameEndpoint } from "../token_endpoint.ts";
import { LoopbackRedirect, type RegisteredRedirect } from "./loopback_redirect.ts";
import { pastedCallback } from "./pasted_callback.ts";
import type { SignInPrompts } from "./sign_in_prompts.ts";

export interface AuthorizationCodeRequest {
  /** RFC 6749 section 3.3; not sent if empty. */
  readonly scopes: readonly string[];
  /** The host that the result page shows. */
  readonly host: string;
  /** The registered redirect URI, if the server accepts no other. */
  readonly redirect?: RegisteredRedirect;
  /** Server-specific parameters; they override the standard ones. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Present if only the callback names the authorization server; otherwise the client's server is used. */
  readonly discovery?: DiscoveryPage;
  /** Saves the result. The page in the browser waits for it and shows whether it succeeded. */
  readonly keep: (granted: Granted) => Promise<void>;
}

/** A sign-in page that forwards users to their own authorization server. */
export interface DiscoveryPage {
  /** The URL of the page that leads to `authorization`. */
  readonly addressFor: (authorization: URL) => URL;
  /**
   * The client for the server that the `iss` parameter of the callback names (RFC 9207). Throws if the page
   * may not forward to that server.
   */
  readonly clientAt: (issuer: string) => Promise<Client>;
}

/** Binds the responses to this sign-in: RFC 7636, RFC 6749 section 10.12, OpenID Connect Core 15.5.2. */
interface Binding {
  readonly verifier: string;
  readonly state: string;
  readonly nonce?: string;
}

/**
 * Signs in with a browser, RFC 6749 section 4.1 with the rules of RFC 8252 and RFC 9700: PKCE with S256,
 * `state`, the issuer check of RFC 9207, and a pushed request (RFC 9126) if the server supports it. Uses the
 * first callback, from the listener or pasted by the user.
 */
export async function authorizationCodeGrant(
  client: Client,
  request: AuthorizationCodeRequest,
  prompts: SignInPrompts,
  signal: AbortSignal,
): Promise<Granted> {
  requireS256(client);
  const { scopes } = request;
  const state = oauth.generateRandomState();
  const nonce = scopes.includes("openid") ? { nonce: oauth.generateRandomNonce() } : {};
  const binding = { verifier: oauth.generateRandomCodeVerifier(), state, ...nonce };
  const registered = present({ registered: request.redirect });
  await using redirect = new LoopbackRedirect({ state, signal, ...registered });
  try {
    const url = await authorizationUrl(client, request, binding, redirect.uri);
    const shown = request.discovery?.addressFor(url) ?? url;
    const callback = await firstCallback(redirect, shown, state, prompts, signal);
    const answering = request.discovery === undefined
      ? client
      : await request.discovery.clientAt(issuerIn(callback));
    const result = await redeem(answering, callback, binding, redirect.uri);
    await request.keep(result);
    redirect.finish({ outcome: "signed-in", host: request.host });
    return result;
  } catch (error) {
    const known = error instanceof FobError;
    redirect.finish({
      outcome: "failed",
      reason: known ? error.message : "An unexpected error occurred",
      kept: known && error.code === "store_timeout" ? "unknown" : "nothing",
    });
    throw error;
  }
}

function requireS256({ server }: Client): void {
  const methods = server.code_challenge_methods_supported;
  if (methods === undefined || methods.includes("S256")) return;
  throw new FobError(
    "provider_refused",
    `"${foreignText(server.issuer)}" does not support PKCE with S256, only ` +
      foreignText(JSON.stringify(methods)),
  );
}

async function authorizationUrl(
  client: Client,
  { scopes, parameters: own }: Pick<AuthorizationCodeRequest, "scopes" | "parameters">,
  binding: Binding,
  redirectUri: string,
): Promise<URL> {
  const { authorization_endpoint, pushed_authorization_request_endpoint, issuer } = client.server;
  if (authorization_endpoint === undefined) {
    const message = `"${foreignText(issuer)}" has no authorization endpoint`;
    throw new FobError("provider_answer_invalid", message);
  }
  const { client_id } = client.registration;
  const parameters: Record<string, string> = {
    client_id,
    response_type: "code",
    redirect_uri: redirectUri,
    state: binding.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(binding.verifier),
    code_challenge_method: "S256",
    ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
    ...openIdParameters(scopes, binding),
    ...resourceParameter(client),
    ...own,
  };
  const url = new URL(authorization_endpoint);
  const shown = pushed_authorization_request_endpoint === undefined
    ? parameters
    : { client_id, request_uri: await push(client, parameters) };
  for (const [name, value] of Object.entries(shown)) url.searchParams.set(name, value);
  return url;
}

/** The parameters of an OpenID Connect request. Without `openid`, `offline_access` is an ordinary scope. */
function openIdParameters(scopes: readonly string[], { nonce }: Binding): Record<string, string> {
  if (nonce === undefined) return {};
  // OpenID Connect Core 11: a server may ignore offline_access without prompt=consent.
  return scopes.includes("offline_access") ? { nonce, prompt: "consent" } : { nonce };
}

async function push(client: Client, parameters: Record<string, string>): Promise<string> {
  const { server, registration, authentication, options } = client;
  const response = await oauth.pushedAuthorizationRequest(
    server,
    registration,
    authentication,
    parameters,
    options,
  );
  const answer = await readAnswer(
    nameEndpoint(client, "pushed authorization request"),
    response,
    (it) => oauth.processPushedAuthorizationResponse(server, registration, it),
  );
  return answer.request_uri;
}

/** Does not wait for the browser command: it may run as long as the page is open. */
async function firstCallback(
  redirect: LoopbackRedirect,
  url: URL,
  state: string,
  prompts: SignInPrompts,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  const done = new AbortController();
  const lines = prompts.pastedLines(AbortSignal.any([signal, done.signal]));
  const reject = (reason: string) => prompts.rejectPaste(reason);
  const opened = prompts.openAuthorizationUrl(url);
  const pasted = pastedCallback(lines, { redirectUri: redirect.uri, state, reject });
  try {
    return await Promise.race([
      redirect.callback,
      opened.then(() => redirect.callback),
      pasted.then((callback) => callback ?? redirect.callback),
    ]);
  } finally {
    done.abort();
    // Handles later rejections of the other two promises.
    Promise.allSettled([opened, pasted]);
  }
}

function issuerIn(callback: URLSearchParams): string {
  const [issuer, ...more] = callback.getAll("iss");
  if (issuer !== undefined && more.length === 0) return issuer;
  if (callback.has("error")) {
    const description = callback.get("error_description");
    throw oauthError("The sign-in page", {
      error: callback.get("error") ?? "",
      ...(description === null ? {} : { error_description: description }),
    });
  }
  throw new FobError(
    "provider_answer_invalid",
    "callback did not include an issuer (iss) parameter",
  );
}

async function redeem(
  client: Client,
  callback: URLSearchParams,
  { verifier, state, nonce }: Binding,
  redirectUri: string,
): Promise<Granted> {
  const { server, registration, authentication, options } = client;
  const askedAt = client.now();
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    registration,
    authentication,
    validCallback(client, callback, state),
    redirectUri,
    verifier,
    { ...options, additionalParameters: resourceParameter(client) },
  );
  const expected = nonce === undefined ? {} : { expectedNonce: nonce, requireIdToken: true };
  const answer = await readAnswer(
    nameEndpoint(client, "token"),
    response,
    (it) => oauth.processAuthorizationCodeResponse(server, registration, it, expected),
  );
  return granted(answer, { askedAt, answeredAt: client.now() });
}

/** Throws `issuer_mismatch` (RFC 9207 section 2.4), or `provider_refused` with the server's description. */
function validCallback(client: Client, callback: URLSearchParams, state: string): URLSearchParams {
  const { server, registration } = client;
  const issuer = foreignText(server.issuer);
  requireSameIssuer(server, callback);
  try {
    const valid = oauth.validateAuthResponse(server, registration, callback, state);
    if (valid.getAll("code").length === 1) return valid;
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      const { error: code, error_description } = error;
      throw oauthError(`"${issuer}"`, { error: code, error_description });
    }
  }
  throw new FobError("provider_answer_invalid", `"${issuer}" sent an invalid callback`);
}

function requireSameIssuer(server: oauth.AuthorizationServer, callback: URLSearchParams): void {
  const said = callback.get("iss") ?? undefined;
  if (said === server.issuer) return;
  if (said === undefined && !server.authorization_response_iss_parameter_supported) return;
  throw new FobError(
    "issuer_mismatch",
    `The sign-in was sent to "${foreignText(server.issuer)}", but the callback ` +
      (said === undefined ? "does not name its issuer" : `comes from "${foreignText(said)}"`),
  );
}
