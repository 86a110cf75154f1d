import { protocolNames, protocols } from "../../protocols/protocols.ts";
import type { CommandContext } from "../context.ts";
import { plaintextFile } from "../ui/reasons.ts";

/** Returns the values of an option or an argument. Reads only fob's own files. */
type Values = (context: CommandContext) => Promise<readonly Suggestion[]> | readonly Suggestion[];

/**
 * The keys are the long name of an option or the name of an argument, optionally after the path of the one
 * command that it is for.
 */
const sources: Readonly<Record<string, Values>> = {
  "--profile": profiles,
  "profile": profiles,
  "profile|host": profiles,
  "auth token --host": (context) => addresses("host", context),
  "auth login --host": (context) => addresses("host", context),
  "auth login --issuer": (context) => addresses("issuer", context),
  // These are names in the files of another tool.
  "migrate --profile": () => [],
  "mode": () => [
    { value: "secure", about: "the OS keychain" },
    { value: "plaintext", about: plaintextFile() },
  ],
  "protocol": () =>
    protocolNames.map((value) => ({ value, about: `answer ${protocols[value].tools}` })),
  "method": () => ["GET", "POST", "PUT", "PATCH", "DELETE"].map((value) => ({ value })),
};

/** The possible values of `name` for the command at `path`; empty if unknown. */
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

/** A possible word at the cursor. */
export interface Suggestion {
  readonly value: string;
  /** A short description. */
  readonly about?: string;
}
