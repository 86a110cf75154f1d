import * as oauth from "oauth4webapi";
import { readAnswer } from "../answer.ts";
import { type Client, type TokenRequest, tokenRequestParameters } from "../client.ts";
import { type Granted, granted, nameEndpoint } from "../token_endpoint.ts";

/**
 * A token for the client itself, RFC 6749 section 4.4. It has no refresh token: call this again for the next
 * token. Throws as {@link readAnswer} does; `provider_refused` for a wrong secret.
 */
export async function clientCredentialsGrant(
  client: Client,
  request: TokenRequest,
): Promise<Granted> {
  const { server, registration, authentication, options } = client;
  const askedAt = client.now();
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    registration,
    authentication,
    tokenRequestParameters(client, request),
    options,
  );
  const answer = await readAnswer(
    nameEndpoint(client, "token"),
    response,
    (it) => oauth.processClientCredentialsResponse(server, registration, it),
    [client.secret],
  );
  return granted(answer, { askedAt, answeredAt: client.now() });
}
