import type { DocumentedEndpoints } from "../oauth/documented_server.ts";
import type { RegisteredRedirect } from "../oauth/loopback_redirect.ts";

/** What is known of one platform beforehand: data alone, so that looking at it loads nothing. */
export interface Platform {
  /** What profiles and `--provider` call it. */
  readonly id: string;
  /** What people call it, for help and messages. */
  readonly title: string;
  /** The API, where there is only one. */
  readonly host?: string;
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
  /** The descriptions by which its server says that a login has ended, where its error code does not. */
  readonly endings?: readonly string[];
  /** Where the answers of its API say which page comes next, if not in the `Link` header (RFC 8288). */
  readonly pages?: TokenPages;
  /** The environment variables of its own tools. */
  readonly variables?: PlatformVariables;
}

/** The variables that a platform's tools read: the first of each is the one that they all do. */
export interface PlatformVariables {
  readonly token: readonly [string, ...string[]];
  readonly host?: string;
  /** What its tools would take for a credential beside the token, or before it. */
  readonly outranking?: readonly string[];
}

/** Pages that are asked for by a token in the page before. */
export interface TokenPages {
  /** The member of the answer, a JSON object, that holds the token; absent or empty on the last page. */
  readonly member: string;
  /** The parameter of the query that takes it. */
  readonly parameter: string;
}
