import { modelAddress, type ModelOptions } from "../../api/model_address.ts";
import type { ConnectRequest, Tool } from "../../connect/tool.ts";
import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import { chooseProfile, findProfile } from "../../profiles/choose.ts";
import { hostsOf } from "../../profiles/place.ts";
import type { Profile } from "../../profiles/profile.ts";
import { secureOrigin } from "../../text/address.ts";
import type { CommandContext } from "../context.ts";
import { choiceNeeds } from "../needs.ts";
import { requireApi } from "../run/api.ts";

/** The options for the host and the model that a tool uses fob for. */
export interface PlaceOptions extends ModelOptions {
  readonly host?: string;
}

/** The hosts and the model that the tool uses fob for, and the profile. */
export async function placeFor(
  tool: Tool,
  named: string | undefined,
  options: PlaceOptions,
  context: CommandContext,
): Promise<Pick<ConnectRequest, "origins" | "profile" | "model">> {
  const { host, baseUrl, model } = options;
  if (tool.places === undefined) {
    if ((baseUrl ?? model) !== undefined) {
      throw new FobError("usage", "--model and --base-url can be used only with a coding agent");
    }
    const origins = await originsFor(tool, named, host, context);
    return { origins, ...present({ profile: named }) };
  }
  if (host !== undefined) throw new FobError("usage", `--host cannot be used with ${tool.tool}`);
  const profile = await profileFor(tool, named, context);
  const { name = "", provider = "" } = profile ?? {};
  const platform = context.providers.platforms.find(({ id }) => id === provider);
  const api = await requireApi(profile?.host ?? platform?.host, provider, context);
  const place = modelAddress(tool.places[provider], options, api);
  return { origins: [api.origin], profile: name, ...present({ model: place }) };
}

/** The origins that the tool uses fob for. */
async function originsFor(
  tool: Tool,
  named: string | undefined,
  host: string | undefined,
  context: CommandContext,
): Promise<string[]> {
  const origin = host === undefined ? undefined : readHost(host);
  if (origin !== undefined && named === undefined) return [origin];
  const profile = await profileFor(tool, named, context);
  const origins = profile === undefined ? [] : originsOf(tool, profile, context);
  if (origin === undefined) {
    if (origins.length > 0 || tool.takesAnyAddress) return origins;
    throw new FobError("usage", `The profile "${profile?.name}" has no host`, {
      facts: { option: "--host" },
    });
  }
  if (origins.length === 0 || origins.includes(origin)) return [origin];
  throw new FobError("usage", `The token of "${named}" is not for "${origin}"`);
}

async function profileFor(
  tool: Tool,
  named: string | undefined,
  context: CommandContext,
): Promise<Profile | undefined> {
  const profiles = await context.storage.profiles();
  if (named !== undefined) return findProfile(named, profiles);
  if (tool.takesAnyAddress && profiles.names().length === 0) return undefined;
  return await chooseProfile(choiceNeeds(context));
}

function originsOf(
  { tool }: Tool,
  profile: Profile,
  { providers: { platforms } }: CommandContext,
): string[] {
  const hosts = hostsOf(profile, platforms);
  const own = platforms.find(({ id }) => id === profile.provider)?.toolHosts?.[tool] ?? [];
  const meant = hosts.filter((host) => own.includes(host));
  const chosen = meant.length > 0 ? meant : hosts;
  return chosen.map(secureOrigin).filter((origin) => origin !== undefined);
}

function readHost(host: string): string {
  const origin = secureOrigin(host);
  if (origin !== undefined) return origin;
  throw new FobError("usage", "--host must be an https URL without credentials");
}
