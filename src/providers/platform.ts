import type { DocumentedEndpoints } from "../oauth/documented_server.ts";
import type { RegisteredRedirect } from "../oauth/grants/loopback_redirect.ts";
import type { BoundedFetchOptions } from "../oauth/http.ts";
import type { Secret } from "../secret.ts";
import type { PlatformHooks } from "./provider.ts";
import type { TokenIssuer } from "./token_issuer.ts";

/**
 * One platform: data, and functions that load the platform's own code. Looking at it loads nothing. No other
 * file branches by a platform's id.
 */
export interface Platform {
  /** What profiles and `--provider` call it. */
  readonly id: string;
  /** What people call it, for help and messages. */
  readonly title: string;
  /** The API, where there is only one. */
  readonly host?: string;
  /** The pages that people know it by, and the API that each belongs to. */
  readonly consoles?: Readonly<Record<string, string>>;
  /** The other origins that take the tokens for that API, such as the one that git clones from. */
  readonly tokenHosts?: readonly string[];
  /** Which of these origins a tool reaches, by the tool's name, where it is not the API. */
  readonly toolHosts?: Readonly<Record<string, readonly string[]>>;
  /** Where a person signs in who does not say at which host, and is sent on to one of theirs. */
  readonly front?: string;
  /** The variable that names another such page. */
  readonly frontVariable?: string;
  /** The ends of the names of its hosts, by which an address is known to be one of them. */
  readonly domains?: readonly string[];
  /** Its authorization server, where that publishes no metadata. */
  readonly server?: DocumentedEndpoints;
  /** The client that it knows fob by, or lets every command-line program use. */
  readonly clientId?: string;
  /** Where its server sends a person back to, where it takes no other address. */
  readonly redirect?: RegisteredRedirect;
  /** What is asked for where a person does not say. */
  readonly scopes?: readonly string[];
  /** What is asked for beside anything else, so that there is a refresh token. */
  readonly refreshScope?: string;
  /** The descriptions by which its server says that a login has ended, where its error code does not. */
  readonly endings?: readonly string[];
  /** Where the answers of its API say which page comes next, if not in the `Link` header (RFC 8288). */
  readonly pages?: TokenPages;
  /** The environment variables of its own tools. */
  readonly variables?: PlatformVariables;
  /** How a program signs in there by what its environment says, with nothing kept. */
  readonly machines?: PlatformWorkloads;
  /** Loads what no RFC and no data describes. */
  readonly hooks?: () => Promise<PlatformHooks>;
  /** How tokens are made there by an API. */
  readonly tokenApi?: TokenApi;
  /** What its tools read in fob's answers. */
  readonly answers?: ToolAnswers;
  /** The platform's own command line, if fob answers in its place. */
  readonly commandLine?: CommandLine;
}

/** An API that makes tokens from a token that a person pasted. */
export interface TokenApi {
  /** The page where a person makes a token, below the host. */
  readonly page: string;
  /** The API of `host`, an origin; `undefined` where that host has none. */
  readonly issuer: (host: string, needs: TokenApiNeeds) => Promise<TokenIssuer | undefined>;
  /** How an app that runs on the platform finds out whose token it may take: its creator's alone. */
  readonly app?: {
    /** Names the app that this process is. */
    readonly variable: string;
    /**
     * The name of the person who created `app`, asked with the app's own token.
     *
     * @throws {FobError} `provider_unreachable`, or `provider_refused` if the host does not say.
     */
    readonly creator: (
      host: string,
      app: string,
      token: Secret,
      needs: BoundedFetchOptions,
    ) => Promise<string>;
  };
}

/** What a {@link TokenApi} is called with. */
export interface TokenApiNeeds extends BoundedFetchOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a platform's tools expect of the program that they run for a token. */
export interface ToolAnswers {
  /** The words by which they recognize that there is no login. */
  readonly noLogin?: string;
  /** They accept no token without an expiry. Milliseconds to state for a token without a known one. */
  readonly expiryIfUnknown?: number;
}

/** A platform's own command line. */
export interface CommandLine {
  /** The name of its program. */
  readonly program: string;
  /** The variable that holds the path of the program that its tools run. */
  readonly pathVariable: string;
  /** What it prints for its version. */
  readonly versionText: string;
  /** The fields of its version as JSON. */
  readonly versionFields: Readonly<Record<string, number>>;
}

/** The variables that a platform's tools read: the first of each is the one that they all do. */
export interface PlatformVariables {
  readonly token: readonly [string, ...string[]];
  /** What the token has to be, where that is known: then it says itself when it expires. */
  readonly format?: "jwt";
  readonly host?: string;
  /** Names, instead of a host, the domain that the API is `api.` of. */
  readonly domain?: string;
  /** Names one of its profiles; where its tools have it, they choose a profile by `host` too. */
  readonly profile?: string;
  /** What its tools would take for a credential beside the token, or before it. */
  readonly outranking?: readonly string[];
  /** How its tools are told to ask a local service for tokens. */
  readonly service?: TokenServiceVariables;
}

/** The variables by which a platform's tools get their tokens from a local service. */
export interface TokenServiceVariables {
  readonly url: string;
  /** What says that nothing else shall be tried, and its value. */
  readonly choice: readonly [name: string, value: string];
}

/** Pages that are asked for by a token in the page before. */
export interface TokenPages {
  /** The member of the answer, a JSON object, that holds the token; absent or empty on the last page. */
  readonly member: string;
  /** The parameter of the query that takes it. */
  readonly parameter: string;
}

/** The variables by which a platform's tools sign a program in. */
export interface PlatformWorkloads {
  /** Says by its name which of the ways it shall be, or {@link tokenWay}, or one that fob does not know. */
  readonly choice?: string;
  /** What `choice` calls the variable that is a token. */
  readonly tokenWay?: string;
  /** Absent where the platform has one API, or a domain that names it. */
  readonly host?: string;
  /** The client that the program is; without one, its identity token alone says who it is. */
  readonly clientId: string;
  /** The account, for a host that has several. */
  readonly accountId?: string;
  /** For whom an identity token shall be issued, where the host does not say. */
  readonly audience?: string;
  /** What a program asks for, where that is not what people do. */
  readonly scopes?: readonly string[];
  /** The first that has all it needs is taken. */
  readonly ways: readonly WorkloadMethod[];
}

/** How a program proves who it is: with the secret of its client, or what another issuer says of it. */
export type WorkloadMethod =
  & {
    /** What the platform's tools call it. */
    readonly name: string;
  }
  & (
    | { readonly kind: "secret"; readonly secret: string }
    /** A CI service is asked by the job. */
    | { readonly kind: "github" | "azure" }
    /** The variable that `namedBy` names holds an identity token; `variable` where it names none. */
    | { readonly kind: "variable"; readonly namedBy: string; readonly variable: string }
    /** The first of the variables that is set names the file with an identity token. */
    | { readonly kind: "file"; readonly paths: readonly [string, ...string[]] }
  );
