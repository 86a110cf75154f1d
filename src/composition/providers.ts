import type { CommandContext } from "../cli/context.ts";
import { FobError } from "../errors.ts";
import { inquiryLimit } from "../limits.ts";
import { platforms } from "../providers/platforms.ts";

/** Dependencies of requests to providers. */
type ProviderNeeds =
  & Pick<CommandContext["machine"], "version">
  & Pick<CommandContext["system"], "clock" | "environment">;

/** The provider of a platform, with the hooks of that platform. Throws `config_invalid` for an unknown one. */
export async function openProvider(
  id: string,
  needs: ProviderNeeds,
): ReturnType<CommandContext["providers"]["open"]> {
  const platform = platforms.find((known) => known.id === id);
  if (platform === undefined) {
    const valid = [...platforms.map((known) => known.id), "token"].join(", ");
    throw new FobError(
      "config_invalid",
      `Unknown provider "${id.slice(0, 40)}" (allowed: ${valid})`,
    );
  }
  const { oauthProvider } = await import("../providers/oauth_provider.ts");
  const { clock: { now, sleep: pause }, version, environment } = needs;
  const { hooks, discoveryHostVariable } = platform;
  const discoveryHost = discoveryHostVariable === undefined
    ? undefined
    : environment.get(discoveryHostVariable);
  const moved = discoveryHost === undefined ? platform : { ...platform, discoveryHost };
  return oauthProvider(moved, { fetch, now, pause, version }, await hooks?.());
}

/** The token API of the platform `provider` at `host`. */
export async function openTokenIssuer(
  provider: string,
  host: string,
  { clock, version }: Pick<ProviderNeeds, "clock" | "version">,
): ReturnType<CommandContext["providers"]["tokenIssuer"]> {
  const api = platforms.find(({ id }) => id === provider)?.tokenApi;
  return await api?.issuer(host, { fetch, version, now: clock.now, timeLimit: inquiryLimit });
}

/** The network and the standard streams, for bytes that are streamed. */
export async function openTransfer(
  { version }: Pick<ProviderNeeds, "version">,
): ReturnType<CommandContext["io"]["transfer"]> {
  const { transfer } = await import("../system/transfer.ts");
  const { unreachable } = await import("../oauth/http.ts");
  return transfer({ fetch, version, unreachable });
}

type Identity = CommandContext["providers"]["identity"];

/** Gets the identity token of this workload. */
export async function askIdentity(
  ...[source, audience, needs]: [...Parameters<Identity>, ProviderNeeds]
): ReturnType<Identity> {
  const { workloadIdentity } = await import("../providers/workload_identity.ts");
  const { boundedFetch } = await import("../oauth/http.ts");
  const { retryingFetch } = await import("../oauth/retry.ts");
  const { absent } = await import("../system/files/private_directory.ts");
  const { clock, version, environment } = needs;
  return await workloadIdentity(source, audience, {
    get: environment.get,
    fetch: retryingFetch(boundedFetch({ fetch, version }), clock),
    read: (path) => Deno.readTextFile(path).catch(absent),
  });
}
