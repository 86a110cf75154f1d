import { findExisting } from "../../credentials/login_request.ts";
import { FobError } from "../../errors.ts";
import { looksLikeHost } from "../../profiles/profile.ts";
import type { Profiles } from "../../profiles/profile_file.ts";
import { hasScheme } from "../../text/address.ts";
import type { CommandContext } from "../context.ts";
import { askText } from "../ui/prompts.ts";

/** The address options of `auth login`. */
interface LoginAddresses {
  readonly host?: string;
  readonly issuer?: string;
}

/** The host from `--host` or the argument; `undefined` if there is none, or if a profile exists for it. */
export async function hostFrom(
  named: string | undefined,
  { host }: LoginAddresses,
  profiles: Profiles,
  context: CommandContext,
): Promise<string | undefined> {
  if (host !== undefined) {
    if (named !== undefined && looksLikeHost(named) && profiles.get(named) === undefined) {
      throw new FobError("usage", "The host is given twice: as an argument and with --host");
    }
    return hostOf(await context.providers.secureAddress(host, "host"));
  }
  if (named === undefined || !looksLikeHost(named) || profiles.get(named) !== undefined) {
    return undefined;
  }
  const address = hostOf(await context.providers.secureAddress(named, "host"));
  return findExisting(named, profiles) === undefined ? address : undefined;
}

function hostOf(url: URL): string {
  return url.href.replace(/\/$/, "");
}

/** The issuer from `--issuer`, unchanged: it is an identifier, RFC 8414 section 2. */
export async function issuerFrom(
  { issuer }: LoginAddresses,
  context: CommandContext,
): Promise<string | undefined> {
  if (issuer === undefined) return undefined;
  const url = await context.providers.secureAddress(issuer, "issuer");
  return hasScheme(issuer) ? issuer : url.href;
}

/** Prompts for the host. */
export async function askForHost(context: CommandContext): Promise<string> {
  const question = "Address of the API";
  const answer = await askText(question, "--host URL or --issuer URL", context);
  return hostOf(await context.providers.secureAddress(answer, "host"));
}
