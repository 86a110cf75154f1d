import { FobError } from "../errors.ts";
import { sharedVariables } from "../profiles/credential_sources.ts";
import type { Platform } from "../providers/platform.ts";
import type { Environment } from "../system/environment.ts";
import type { FoundToken } from "../tokens/token.ts";
import type { Served } from "./serve.ts";

/** A token and where it goes, as a child process is to have it. */
export interface TokenForChild extends Pick<FoundToken, "token" | "tokenType" | "host"> {
  /** Where tokens are served, if they are. */
  readonly served?: ServedAddresses;
}

/** What is served to a child, without what ends it. */
export type ServedAddresses = Pick<Served, "url" | "key" | "metadataUrl">;

/** What changes in a child's environment. */
export interface ChildVariables {
  readonly set: Readonly<Record<string, string>>;
  /** What would outrank a variable that is set, or belongs to another credential. */
  readonly unset: readonly string[];
}

/**
 * The variables by which programs find `handout`: `API_TOKEN` and `API_HOST`, and those of the platform's
 * own tools. What the platform's tools would read before them goes.
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

/** Where a child finds what is served to it, and the key that goes there in place of a token. */
const servedNames = { url: "FOB_SERVE_URL", key: "FOB_SERVE_KEY" } as const;

/**
 * The variables by which programs find what `served` hands out: its address and key, and those by which
 * the platform's own tools get their tokens from it. No token is in any of them, and those of the
 * environment go.
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

/** What keeps requests for 127.0.0.1 from going to a proxy, with the key in them, where there is one. */
function pastProxies({ get }: Environment): Record<string, string> {
  const proxies = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
  const said = get("no_proxy") ?? get("NO_PROXY") ?? "";
  const hosts = said.split(",").map((host) => host.trim()).filter((host) => host !== "");
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

/** Why a field that is known is not there. */
const absences: Partial<Record<keyof typeof fields, string>> = {
  host: "the login has no host",
  url: "this field needs --serve",
  key: "this field needs --serve",
};

/**
 * What `NAME=FIELD` asks for: a variable's name, and the value of `token`, `authorization` (the whole
 * value of that header) or `host`; of what is served, `url` or an address below it (`url/v1`), and `key`.
 *
 * @throws {FobError} `usage`, naming `option`, for what asks for nothing that there is.
 */
export function readAssignment(
  text: string,
  handout: TokenForChild,
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
  const value = fields[field](handout, path);
  if (value !== undefined) return [name, value];
  throw new FobError("usage", `${option} ${text}: ${absences[field]}`);
}
