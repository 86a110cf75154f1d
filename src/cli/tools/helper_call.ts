import { type ProtocolName, protocolNames, protocols } from "../../protocols/protocols.ts";

/** A call of a tool to fob. */
export interface HelperCall {
  readonly protocol: ProtocolName;
  /** fob's own options, which come before the tool's arguments. */
  readonly options: HelperOptions;
  /** The tool's arguments. */
  readonly argv: readonly string[];
}

/** The options of fob in a call of a tool. */
export interface HelperOptions {
  readonly profile?: string;
  readonly minTtl?: string;
  readonly verbose?: true;
}

/**
 * Reads the call of a tool: `fob helper PROTOCOL …`, or fob run by the name of a helper program. `calledAs`
 * returns that name. `undefined` for any other command line, which the command parser reads.
 */
export async function readHelperCall(
  argv: readonly string[],
  calledAs: () => Promise<string>,
): Promise<HelperCall | undefined> {
  const [first, name, ...words] = argv;
  if (first === "helper") {
    const protocol = protocolNames.find((it) => it === name);
    const isForPeople = words[0] === "--help" || words[0] === "-h";
    return protocol === undefined || isForPeople ? undefined : { protocol, ...readOptions(words) };
  }
  const called = (await calledAs()).replace(/\.exe$/i, "");
  const protocol = protocolNames.find((it) => protocols[it].program === called);
  return protocol === undefined ? undefined : { protocol, ...readOptions(argv) };
}

/** fob's options at the start of `words`, and the remaining words. */
export function readOptions(
  words: readonly string[],
): { readonly options: HelperOptions; readonly argv: readonly string[] } {
  const found: { -readonly [K in keyof HelperOptions]: HelperOptions[K] } = {};
  let at = 0;
  for (; at < words.length; at++) {
    const [option = "", given] = splitOption(words[at] ?? "");
    if (given === undefined && /^(-v|--verbose)$/.test(option)) found.verbose = true;
    else if (given === undefined && option === "--no-input") continue;
    else if (/^(-p|--profile|--min-ttl)$/.test(option)) {
      const value = given ?? words[++at];
      if (value !== undefined) found[option === "--min-ttl" ? "minTtl" : "profile"] = value;
    } else break;
  }
  return { options: found, argv: words.slice(at) };
}

function splitOption(word: string): [option: string, value?: string] {
  const [, option, value] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
  return option === undefined || value === undefined ? [word] : [option, value];
}
