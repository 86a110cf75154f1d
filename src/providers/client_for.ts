import { FobError } from "../errors.ts";
import { type Client, type ClientCredentials, openClient } from "../oauth/client.ts";
import type { Lookup } from "../oauth/metadata.ts";
import type { Authorization } from "../oauth/token_set.ts";
import { present } from "../present.ts";
import { shownAddress } from "../text/address.ts";
import type { Platform } from "./platform.ts";
import type { LocatedServer, PlatformHooks, SignedIn, SignInTarget } from "./provider.ts";

/** A platform with its hooks, and how to send requests. */
export interface PlatformAccess {
  readonly platform: Platform;
  readonly hooks: PlatformHooks;
  readonly lookup: Lookup;
}

/** A client of the discovered server, and the fields that are stored with the tokens. */
export interface SignInClient extends Pick<LocatedServer, "server" | "parameters"> {
  readonly client: Client;
  readonly basis: Omit<SignedIn, "tokens">;
}

/** Finds the authorization server for a requested sign-in and returns a client of it. */
export async function clientFor(
  asked: SignInTarget,
  { platform, hooks, lookup }: PlatformAccess,
): Promise<SignInClient> {
  const target = withDefaults(asked, platform);
  const known = requireClient(target);
  const { server, place, clientId, parameters } = await hooks.findServer(target, lookup);
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

/** Returns the requested target, completed with the platform's defaults. */
export function withDefaults(
  asked: SignInTarget,
  { host, server, clientId, scopes }: Platform,
): SignInTarget {
  // The platform's server issues no tokens for another host.
  const isElsewhere = asked.host !== undefined && asked.host !== host;
  const known = { host, issuer: isElsewhere ? undefined : server?.issuer, clientId, scopes };
  return { ...present(known), ...asked };
}

function requireClient(
  { clientId, clientSecret, host, issuer }: SignInTarget,
): ClientCredentials {
  if (clientId === undefined || clientId === "") {
    const server = host ?? issuer;
    const where = server === undefined ? "" : ` to sign in to "${shownAddress(server)}"`;
    throw new FobError("usage", `--client-id is required${where}`, {
      facts: { option: "--client-id ID" },
    });
  }
  return clientSecret === undefined ? { clientId } : { clientId, clientSecret };
}

/** Returns a client for a stored login. Its tokens are sent only to their issuer, which is discovered again. */
export async function clientForLogin(
  authorization: Authorization,
  { hooks, lookup }: PlatformAccess,
): Promise<Client> {
  const { issuer, resource } = authorization;
  const server = await hooks.serverOf(issuer, lookup);
  const named = resource === undefined ? server : { ...server, resource };
  return openClient(named, authorization, lookup);
}
