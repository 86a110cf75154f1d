import type { DocumentedEndpoints } from "../oauth/documented_server.ts";
import type { RegisteredRedirect } from "../oauth/grants/loopback_redirect.ts";
import type { BoundedFetchOptions } from "../oauth/http.ts";
import type { Secret } from "../secret.ts";
import type { PlatformHooks } from "./provider.ts";
import type { TokenIssuer } from "./token_issuer.ts";

/**
 * One platform: data, and functions that load the platform's code. Reading the data loads nothing. No other
 * file branches on a platform's id.
 */
export interface Platform {
  /** The name in profiles and `--provider`. */
  readonly id: string;
  /** The name in help and messages. */
  readonly title: string;
  /** The API, if there is only one. */
  readonly host?: string;
  /** The consoles in a browser, and the API of each. */
  readonly consoles?: Readonly<Record<string, string>>;
  /** Other origins that accept the tokens for that API, such as the origin that git clones from. */
  readonly tokenHosts?: readonly string[];
  /** The origins that a tool uses instead of the API, by the name of the tool. */
  readonly toolHosts?: Readonly<Record<string, readonly string[]>>;
  /** The page for signing in without a host. It forwards the user to one of their hosts. */
  readonly discoveryHost?: string;
  /** The variable that replaces this page. */
  readonly discoveryHostVariable?: string;
  /** The suffixes of its host names. */
  readonly domains?: readonly string[];
  /** Its authorization server, if that publishes no metadata. */
  readonly server?: DocumentedEndpoints;
  /** The client registered for fob, or the public client of its own CLI. */
  readonly clientId?: string;
  /** The redirect URIs of that client, if the server accepts no others. */
  readonly redirect?: RegisteredRedirect;
  /** The default scopes. */
  readonly scopes?: readonly string[];
  /** The scope that is always requested to get a refresh token. */
  readonly refreshScope?: string;
  /** The error descriptions that mean that a login has expired, if the error code does not. */
  readonly expiredDescriptions?: readonly string[];
  /** How its API paginates, if not with the `Link` header (RFC 8288). */
  readonly pages?: TokenPages;
  /** The environment variables of its own tools. */
  readonly variables?: PlatformVariables;
  /** How a workload signs in from environment variables. */
  readonly workloads?: PlatformWorkloads;
  /** Loads the code for what neither an RFC nor this data describes. */
  readonly hooks?: () => Promise<PlatformHooks>;
  /** The API that creates tokens. */
  readonly tokenApi?: TokenApi;
  /** What its tools expect in fob's answers. */
  readonly answers?: ToolAnswers;
  /** The platform's own CLI, if fob can replace it. */
  readonly commandLine?: CommandLine;
}

/** An API that creates tokens, authenticated with a pasted token. */
export interface TokenApi {
  /** The path of the page where a user creates a token. */
  readonly page: string;
  /** Returns the API of `host`, an origin, or `undefined` if that host has none. */
  readonly issuer: (host: string, needs: TokenApiNeeds) => Promise<TokenIssuer | undefined>;
  /** How an app that runs on the platform finds the user with tokens that it may use: its creator. */
  readonly app?: {
    /** The variable with the name of the app that this process runs as. */
    readonly variable: string;
    /**
     * Returns the name of the user who created `app`. `token` is the app's own.
     *
     * @throws {FobError} `provider_unreachable`, or `provider_refused` if the response has no creator.
     */
    readonly creator: (
      host: string,
      app: string,
      token: Secret,
      needs: BoundedFetchOptions,
    ) => Promise<string>;
  };
}

/** What {@link TokenApi.issuer} needs. */
export interface TokenApiNeeds extends BoundedFetchOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The answers that a platform's tools expect from the program that they run for a token. */
export interface ToolAnswers {
  /** The text by which they recognize that there is no login. */
  readonly noLogin?: string;
  /** Milliseconds until the expiry that is reported for a token without a known one: they require an expiry. */
  readonly expiryIfUnknown?: number;
}

/** A platform's own CLI. */
export interface CommandLine {
  /** The name of its executable. */
  readonly program: string;
  /** The variable with the path of the executable that its tools run. */
  readonly pathVariable: string;
  /** The output of its `--version`. */
  readonly versionText: string;
  /** The fields of its version as JSON. */
  readonly versionFields: Readonly<Record<string, number>>;
}

/** The environment variables of a platform's tools. All tools read the first one of each list. */
export interface PlatformVariables {
  readonly token: readonly [string, ...string[]];
  /** The format of the token, if it contains its own expiry. */
  readonly format?: "jwt";
  readonly host?: string;
  /** The variable with a domain instead of a host: the API is `api.DOMAIN`. */
  readonly domain?: string;
  /** The variable that selects a profile. Tools that have it select a profile by `host` too. */
  readonly profile?: string;
  /** Other variables that its tools take a credential from, in addition to the token or before it. */
  readonly outranking?: readonly string[];
  /** The variables that make its tools get tokens from a local service. */
  readonly service?: TokenServiceVariables;
}

/** The variables that make a platform's tools get tokens from a local service. */
export interface TokenServiceVariables {
  readonly url: string;
  /** The variable that disables all other methods, and its value. */
  readonly choice: readonly [name: string, value: string];
}

/** Pagination by a token in the previous page. */
export interface TokenPages {
  /** The member of the JSON response with the token; absent or empty on the last page. */
  readonly member: string;
  /** The query parameter for it. */
  readonly parameter: string;
}

/** The variables for the workload sign-in of a platform's tools. */
export interface PlatformWorkloads {
  /** The variable with the name of the method: one of the methods below, {@link tokenMethod}, or one unknown to fob. */
  readonly choice?: string;
  /** The value of `choice` for the token variable. */
  readonly tokenMethod?: string;
  /** Absent if the platform has one API, or a variable with its domain. */
  readonly host?: string;
  /** The variable with the client ID. Without it, the identity token alone identifies the workload. */
  readonly clientId: string;
  /** The variable with the account, for a host with several. */
  readonly accountId?: string;
  /** The variable with the audience of the identity token, if the host's metadata has none. */
  readonly audience?: string;
  /** The scopes of a workload, if they differ from the scopes of users. */
  readonly scopes?: readonly string[];
  /** The first method with all its variables set is used. */
  readonly methods: readonly WorkloadMethod[];
}

/** How a workload authenticates: with its client secret, or with an identity token of another issuer. */
export type WorkloadMethod =
  & {
    /** The name in the platform's tools. */
    readonly name: string;
  }
  & (
    | { readonly kind: "secret"; readonly secret: string }
    /** The job requests an identity token from its CI service. */
    | { readonly kind: "github" | "azure" }
    /** The identity token is in the variable that `namedBy` names, by default in `variable`. */
    | { readonly kind: "variable"; readonly namedBy: string; readonly variable: string }
    /** The first variable that is set contains the path of the file with the identity token. */
    | { readonly kind: "file"; readonly paths: readonly [string, ...string[]] }
  );
