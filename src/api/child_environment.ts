import { FobError } from "../errors.ts";
import { sharedVariables } from "../profiles/credential_sources.ts";
import type { Platform } from "../providers/platform.ts";
import type { Environment } from "../system/environment.ts";
import type { FoundToken } from "../tokens/token.ts";
import type { Served } from "./serve.ts";

/** A token and its host, for a child process. */
export interface TokenForChild extends Pick<FoundToken, "token" | "tokenType" | "host"> {
  /** The local endpoint, with `--serve`. */
  readonly served?: ServedAddresses;
}

/** The addresses and the key of a local endpoint, without its disposal. */
export type ServedAddresses = Pick<Served, "url" | "key" | "metadataUrl">;

/** The changes of a child's environment. */
export interface ChildVariables {
  readonly set: Readonly<Record<string, string>>;
  /** Variables that would override one in `set`, or that belong to another credential. */
  readonly unset: readonly string[];
}

/**
 * The variables with a token: `API_TOKEN` and `API_HOST`, and the variables of the platform's own tools.
 * Removes the variables that those tools would prefer.
 */
export function childVariables(
  { token, host }: TokenForChild,
  platform: Platform | undefined,
): ChildVariables {
  const [own, ...others] = platform?.variables?.token ?? [];
  const set: Record<string, string> = { [sharedVariables.token[0]]: token.reveal() };
  if (own !== undefined) set[own] = token.reveal();
  const hostNames = [sharedVariables.host, platform?.variables?.host].filter((it) =>
    it !== undefined
  );
  if (host !== undefined) { for (const name of hostNames) set[name] = host; }
  const outranking = platform?.variables?.outranking ?? [];
  const stale = [...others, ...outranking, ...hostNames].filter((name) => set[name] === undefined);
  return { set, unset: stale };
}

/** The variables with the URL of the local endpoint, and with the key that replaces a token there. */
const servedNames = { url: "FOB_SERVE_URL", key: "FOB_SERVE_KEY" } as const;

/**
 * The variables for a local endpoint: its URL and key, and the variables that make the platform's own tools get
 * their tokens there. They contain no token. Removes the token variables of the environment.
 */
export function servedVariables(
  { host, served }: Pick<TokenForChild, "host"> & { readonly served: ServedAddresses },
  platform: Platform | undefined,
  environment: Environment,
): ChildVariables {
  const { token = [], host: ownHost, outranking = [], service } = platform?.variables ?? {};
  const set: Record<string, string> = {
    ...pastProxies(environment),
    [servedNames.url]: served.url.reveal(),
    [servedNames.key]: served.key.reveal(),
  };
  const hostNames = [sharedVariables.host, ownHost].filter((it) => it !== undefined);
  if (host !== undefined) { for (const name of hostNames) set[name] = host; }
  if (service !== undefined) {
    const [choice, value] = service.choice;
    set[service.url] = served.metadataUrl.reveal();
    set[choice] = value;
  }
  const others = [sharedVariables.token[0], ...token, ...outranking, ...hostNames];
  return { set, unset: others.filter((name) => set[name] === undefined) };
}

/** Exempts 127.0.0.1 from the configured proxy, so that the key is not sent to it. */
function pastProxies({ get }: Environment): Record<string, string> {
  const proxies = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
  const exempt = get("no_proxy") ?? get("NO_PROXY") ?? "";
  const hosts = exempt.split(",").map((host) => host.trim()).filter((host) => host !== "");
  if (!proxies.some(get) || hosts.includes("127.0.0.1") || hosts.includes("*")) return {};
  const all = [...hosts, "127.0.0.1"].join(",");
  return { no_proxy: all, NO_PROXY: all };
}

const fields = {
  token: ({ token }: TokenForChild) => token.reveal(),
  authorization: ({ token, tokenType }: TokenForChild) => `${tokenType} ${token.reveal()}`,
  host: ({ host }: TokenForChild) => host,
  url: ({ served }: TokenForChild, path: string) => served && `${served.url.reveal()}${path}`,
  key: ({ served }: TokenForChild) => served?.key.reveal(),
} as const;

/** Why a field has no value. */
const absences: Partial<Record<keyof typeof fields, string>> = {
  host: "the login has no host",
  url: "this field needs --serve",
  key: "this field needs --serve",
};

/**
 * Parses `NAME=FIELD`: returns the name of the variable and the value of the field. Fields are `token`,
 * `authorization` (the value of that header) and `host`; with `--serve` also `url`, a URL below it (`url/v1`),
 * and `key`.
 *
 * @throws {FobError} `usage` for an unknown field or one without a value. The message names `option`.
 */
export function readAssignment(
  text: string,
  child: TokenForChild,
  option: string,
): readonly [name: string, value: string] {
  const [, name = "", asked = "", path = ""] =
    /^([A-Za-z_][A-Za-z0-9_]*)=(\w+)((?<==url)\/[\x21-\x7e]*)?$/.exec(text) ?? [];
  if (name === "" || !Object.hasOwn(fields, asked)) {
    throw new FobError(
      "usage",
      `Invalid ${option} "${text.slice(0, 80)}" (allowed fields: ${
        Object.keys(fields).join(", ")
      })`,
      { facts: { example: `${option} MY_TOKEN=token` } },
    );
  }
  const field = asked as keyof typeof fields;
  const value = fields[field](child, path);
  if (value !== undefined) return [name, value];
  throw new FobError("usage", `${option} ${text}: ${absences[field]}`);
}
