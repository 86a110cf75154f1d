import { protocolNames, protocols } from "../../protocols/protocols.ts";
import type { CommandContext } from "../context.ts";
import { plaintextFile } from "../ui/reasons.ts";

/** Where the values of an option or an argument come from. Files of fob's are read, and nothing else is asked. */
type Values = (context: CommandContext) => Promise<readonly Suggestion[]> | readonly Suggestion[];

/**
 * By the long name of an option or the name of an argument; with the path of a command before it, for that
 * command alone.
 */
const sources: Readonly<Record<string, Values>> = {
  "--profile": profiles,
  "profile": profiles,
  "profile|host": profiles,
  "auth token --host": (context) => addresses("host", context),
  "auth login --host": (context) => addresses("host", context),
  "auth login --issuer": (context) => addresses("issuer", context),
  // Their names are the other tool's.
  "migrate --profile": () => [],
  "mode": () => [
    { value: "secure", about: "the keychain" },
    { value: "plaintext", about: plaintextFile() },
  ],
  "protocol": () =>
    protocolNames.map((value) => ({ value, about: `answer ${protocols[value].tools}` })),
  "method": () => ["GET", "POST", "PUT", "PATCH", "DELETE"].map((value) => ({ value })),
};

/** The values that `name` may have after the command at `path`; none where nothing is known. */
export async function valuesFor(
  name: string,
  path: string,
  context: CommandContext,
): Promise<readonly Suggestion[]> {
  const source = sources[`${path} ${name}`] ?? sources[name];
  return source === undefined ? [] : await source(context);
}

async function profiles(context: CommandContext): Promise<Suggestion[]> {
  const found = await context.storage.profiles();
  return found.all().map(({ name, provider, host, issuer }) => ({
    value: name,
    about: [provider, host ?? issuer].filter((it) => it !== undefined).join(", "),
  }));
}

async function addresses(kind: "host" | "issuer", context: CommandContext): Promise<Suggestion[]> {
  const found = await context.storage.profiles();
  return found.all().flatMap((profile) => {
    const value = profile[kind];
    return value === undefined ? [] : [{ value, about: `of ${profile.name}` }];
  });
}

/** A word that may stand at the cursor. */
export interface Suggestion {
  readonly value: string;
  /** What it is, in a few words. */
  readonly about?: string;
}
