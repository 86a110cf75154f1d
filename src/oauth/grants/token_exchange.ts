import * as oauth from "oauth4webapi";
import type { Secret } from "../../secret.ts";
import { readAnswer } from "../answer.ts";
import { type Client, type TokenRequest, tokenRequestParameters } from "../client.ts";
import { type Granted, granted, nameEndpoint } from "../token_endpoint.ts";

export interface TokenExchangeRequest extends TokenRequest {
  /** The JWT of another issuer that identifies the caller. */
  readonly subjectToken: Secret;
}

const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
/** RFC 8693 section 3. */
const jwt = "urn:ietf:params:oauth:token-type:jwt";

/**
 * Exchanges a token of another issuer for a token of the client's server, RFC 8693 section 2. The client may
 * be anonymous. Throws as {@link readAnswer} does; `provider_refused` if the server does not trust the issuer
 * or the subject.
 */
export async function tokenExchangeGrant(
  client: Client,
  request: TokenExchangeRequest,
): Promise<Granted> {
  const { server, registration, authentication, options } = client;
  const { subjectToken } = request;
  const askedAt = client.now();
  const response = await oauth.genericTokenEndpointRequest(
    server,
    registration,
    authentication,
    grantType,
    {
      ...tokenRequestParameters(client, request),
      subject_token: subjectToken.reveal(),
      subject_token_type: jwt,
    },
    options,
  );
  const answer = await readAnswer(
    nameEndpoint(client, "token"),
    response,
    (it) => oauth.processGenericTokenEndpointResponse(server, registration, it),
    [client.secret, subjectToken],
  );
  return granted(answer, { askedAt, answeredAt: client.now() });
}
