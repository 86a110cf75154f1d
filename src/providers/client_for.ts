import { FobError } from "../errors.ts";
import { type Client, type ClientCredentials, openClient } from "../oauth/client.ts";
import type { Lookup } from "../oauth/metadata.ts";
import type { Authorization } from "../oauth/token_set.ts";
import { present } from "../present.ts";
import type { Platform } from "./platform.ts";
import type { LocatedServer, PlatformHooks, SignedIn, SignInTarget } from "./provider.ts";

/** What is known of a platform, and how its servers are asked. */
export interface PlatformAccess {
  readonly platform: Platform;
  readonly ways: PlatformHooks;
  readonly lookup: Lookup;
}

/** A client at the server that was found, and what will be kept beside the tokens. */
export interface OpenedSignIn extends Pick<LocatedServer, "server" | "parameters"> {
  readonly client: Client;
  readonly basis: Omit<SignedIn, "tokens">;
}

/** Finds the server of what a person asked for, and opens a client there. */
export async function openSignIn(
  asked: SignInTarget,
  { platform, ways, lookup }: PlatformAccess,
): Promise<OpenedSignIn> {
  const target = completed(asked, platform);
  const known = requireClient(target);
  const { server, place, clientId, parameters } = await ways.findServer(target, lookup);
  const isOwn = asked.clientId === undefined && clientId !== undefined;
  const credentials = isOwn ? { ...known, clientId } : known;
  const basis = {
    issuer: server.metadata.issuer,
    ...credentials,
    ...present({ resource: server.resource, place }),
  };
  const client = openClient(server, credentials, lookup);
  return { client, server, basis, ...present({ parameters }) };
}

/** What a person asked for, and the platform's own where they did not. */
export function completed(
  asked: SignInTarget,
  { host, server, clientId, scopes }: Platform,
): SignInTarget {
  // The platform's own server issues nothing for a host of somebody else's.
  const isElsewhere = asked.host !== undefined && asked.host !== host;
  const known = { host, issuer: isElsewhere ? undefined : server?.issuer, clientId, scopes };
  return { ...present(known), ...asked };
}

function requireClient({ clientId, clientSecret }: SignInTarget): ClientCredentials {
  if (clientId === undefined || clientId === "") {
    throw new FobError("usage", "There is no client to sign in as: --client-id is missing", {
      facts: { option: "--client-id" },
    });
  }
  return clientSecret === undefined ? { clientId } : { clientId, clientSecret };
}

/** The client of a sign-in that was: its tokens go to the issuer that they came from, found anew. */
export async function reopenClient(
  authorization: Authorization,
  { ways, lookup }: PlatformAccess,
): Promise<Client> {
  const { issuer, resource } = authorization;
  const server = await ways.serverOf(issuer, lookup);
  const named = resource === undefined ? server : { ...server, resource };
  return openClient(named, authorization, lookup);
}
