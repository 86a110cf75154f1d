import { findExisting } from "../../credentials/login_request.ts";
import { FobError } from "../../errors.ts";
import { looksLikeHost } from "../../profiles/profile.ts";
import type { Profiles } from "../../profiles/profile_file.ts";
import { hasScheme } from "../../text/address.ts";
import type { CommandContext } from "../context.ts";
import { askText } from "../ui/prompts.ts";

/** The addresses that options name. */
interface LoginAddresses {
  readonly host?: string;
  readonly issuer?: string;
}

/** The host that a person named, in the one way or the other; `undefined` where neither is one, or it is a profile's. */
export async function hostFrom(
  named: string | undefined,
  { host }: LoginAddresses,
  profiles: Profiles,
  context: CommandContext,
): Promise<string | undefined> {
  if (host !== undefined) {
    if (named !== undefined && looksLikeHost(named) && profiles.get(named) === undefined) {
      throw new FobError("usage", "A host is given twice, alone and with --host: which one?");
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

/** An issuer is an identifier: it is kept letter by letter, RFC 8414 section 2. */
export async function issuerFrom(
  { issuer }: LoginAddresses,
  context: CommandContext,
): Promise<string | undefined> {
  if (issuer === undefined) return undefined;
  const url = await context.providers.secureAddress(issuer, "issuer");
  return hasScheme(issuer) ? issuer : url.href;
}

/** The host, where only the person knows it. */
export async function askForHost(context: CommandContext): Promise<string> {
  const question = "Which address does your platform have?";
  const answer = await askText(question, "--host URL or --issuer URL", context);
  return hostOf(await context.providers.secureAddress(answer, "host"));
}
