import type { Access } from "../../databricks/access.ts";
import { toProfile } from "../../databricks/as_profiles.ts";
import { signedIn } from "../../databricks/config_file.ts";
import { hostKeyOf, serverFor } from "../../databricks/host.ts";
import { FobError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { tokenForProfile } from "../../tokens/token_for_choice.ts";
import type { CommandContext } from "../context.ts";
import { tokenNeeds } from "../needs.ts";
import { messageOf, missHint } from "./errors.ts";
import { authTypeOf, placeOf, secretIn, type Settings, textIn } from "./settings.ts";

/** Whether the settings can sign in. A failure is returned in the result, not thrown. */
export async function tryAccess(settings: Settings, context: CommandContext): Promise<Access> {
  const place = placeOf(settings);
  if (place === undefined) return { valid: false, problem: "no host is configured" };
  try {
    const token = await tokenFor(settings, context);
    if (token === undefined) {
      return { valid: false, problem: `fob does not support auth type ${authTypeOf(settings)}` };
    }
    return await context.providers.databricksAccess(place, token);
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return { valid: false, problem: await problemOf(error, context) };
  }
}

async function problemOf(error: FobError, context: CommandContext): Promise<string> {
  if (error.code !== "not_signed_in") return messageOf(error);
  const hint = await missHint(await context.storage.open({ provider: "databricks" }), context);
  return `error getting token: cache: ${hint}`;
}

async function tokenFor(settings: Settings, context: CommandContext): Promise<Secret | undefined> {
  switch (authTypeOf(settings)) {
    case "pat":
      return secretIn(settings, "token");
    case signedIn:
      return await storedToken(settings, context);
    case "oauth-m2m":
      return await clientToken(settings, context);
    default:
      return undefined;
  }
}

async function storedToken(settings: Settings, context: CommandContext): Promise<Secret> {
  const place = placeOf(settings);
  const name = place === undefined ? "" : hostKeyOf(serverFor(place));
  // For this auth type, the stored login is used, even if the section has a secret.
  const { configFile: _other, ...profile } = settings.fileProfile === undefined
    ? { name, provider: "databricks", ...place }
    : toProfile(settings.fileProfile, "");
  return (await tokenForProfile(profile, {}, tokenNeeds(context))).token;
}

async function clientToken(
  settings: Settings,
  context: CommandContext,
): Promise<Secret | undefined> {
  const [clientId, clientSecret] = [
    textIn(settings, "client_id"),
    secretIn(settings, "client_secret"),
  ];
  const place = placeOf(settings);
  if (clientId === undefined || clientSecret === undefined || place === undefined) return undefined;
  const provider = await context.providers.open("databricks");
  const { tokens } = await provider.signInClient({ ...place, clientId, clientSecret });
  return tokens.accessToken;
}
