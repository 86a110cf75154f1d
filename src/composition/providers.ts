import type { World } from "../cli/context.ts";
import { FobError } from "../errors.ts";
import { inquiryLimit } from "../limits.ts";
import { platforms } from "../providers/platforms.ts";

/** The provider of a platform, with the code that no RFC and no data tells. */
export async function openProvider(id: string, world: World): ReturnType<World["provider"]> {
  const platform = platforms.find((known) => known.id === id);
  if (platform === undefined) {
    const valid = [...platforms.map((known) => known.id), "token"].join(", ");
    throw new FobError(
      "config_invalid",
      `Unknown provider "${id.slice(0, 40)}": valid are ${valid}`,
    );
  }
  const { oauthProvider } = await import("../providers/oauth_provider.ts");
  const { clock: { now, sleep: pause }, version } = world;
  const needs = { fetch, now, pause, version };
  const { hooks, frontVariable } = platform;
  const front = frontVariable === undefined ? undefined : world.environment.get(frontVariable);
  const moved = front === undefined ? platform : { ...platform, front };
  return oauthProvider(moved, needs, await hooks?.());
}

/** The token API of the platform `provider` at `host`. */
export async function openTokenIssuer(
  provider: string,
  host: string,
  { clock, version, platforms }: World,
): ReturnType<World["tokenIssuer"]> {
  const api = platforms.find(({ id }) => id === provider)?.tokenApi;
  return await api?.issuer(host, { fetch, version, now: clock.now, timeLimit: inquiryLimit });
}

/** The network and the streams, for bytes that are passed on as they come. */
export async function openTransfer({ version }: World): ReturnType<World["transfer"]> {
  const { transfer } = await import("../system/transfer.ts");
  const { unreachable } = await import("../oauth/http.ts");
  return transfer({ fetch, version, unreachable });
}

/** What the issuer of this machine's identity says of it. */
export async function askIdentity(
  ...[source, audience, world]: [...Parameters<World["identity"]>, World]
): ReturnType<World["identity"]> {
  const { machineIdentity } = await import("../providers/workload_identity.ts");
  const { boundedFetch } = await import("../oauth/http.ts");
  const { retryingFetch } = await import("../oauth/retry.ts");
  const { absent } = await import("../system/files/private_directory.ts");
  const { clock, version, environment } = world;
  return await machineIdentity(source, audience, {
    get: environment.get,
    fetch: retryingFetch(boundedFetch({ fetch, version }), clock),
    read: (path) => Deno.readTextFile(path).catch(absent),
  });
}
